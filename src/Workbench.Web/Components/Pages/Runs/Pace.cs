using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Components.Pages.Runs;

/// <summary>
/// How fast a run goes, by what was seen of it since it last began to train: pauses, and the steps from before a resume, do not count.
/// </summary>
public sealed record Pace
{
    private (long Step, DateTimeOffset Time)? First { get; init; }

    private (long Step, DateTimeOffset Time)? Last { get; init; }

    /// <summary>The pace with one more look at the run.</summary>
    public Pace Seen(RunEntry run, DateTimeOffset now) => run switch
    {
        { Status: not RunStatus.Running } or { Step: 0 } => new Pace(),
        _ when First is null || run.Step < First.Value.Step => new Pace { First = (run.Step, now) },
        _ when run.Step > (Last ?? First).Value.Step => this with { Last = (run.Step, now) },
        _ => this,
    };

    /// <summary>Time that so many steps will take; null before two different steps were seen, and for no steps.</summary>
    public TimeSpan? TimeFor(long steps) =>
        steps > 0 && First is var (firstStep, firstTime) && Last is var (lastStep, lastTime)
            ? (lastTime - firstTime) / (lastStep - firstStep) * steps
            : null;
}
