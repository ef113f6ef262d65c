namespace Workbench.Web.Jobs;

/// <summary>When runs may begin, and how many at once. Runs that train already go on.</summary>
/// <param name="MaxAtOnce">Workers at a time.</param>
/// <param name="From">Begin of the hours in which runs may begin, local time; null for any time.</param>
/// <param name="Until">End of those hours; before <paramref name="From"/> it is on the next day.</param>
/// <param name="Paused">Nothing begins.</param>
public sealed record QueueLimits(int MaxAtOnce = 1, TimeOnly? From = null, TimeOnly? Until = null, bool Paused = false)
{
    /// <summary>Most workers at once: beyond that it is nearly always a slip.</summary>
    public const int Most = 16;

    /// <summary>Whether a run may begin at that local time.</summary>
    public bool MayBegin(TimeOnly now) => !Paused && (From is not { } from || Until is not { } until || from == until || now.IsBetween(from, until));

    /// <summary>How long until the hours begin; null where that is not what keeps runs waiting.</summary>
    public TimeSpan? Wait(TimeOnly now) => !Paused && !MayBegin(now) && From is { } from
        ? from - now is var wait && wait > TimeSpan.Zero ? wait : wait + TimeSpan.FromDays(1)
        : null;
}
