namespace Workbench.Learning.Training.Checkpoints;

/// <summary>What <c>status.json</c> says about a run.</summary>
/// <param name="Status">One of the constants of <see cref="RunStates"/>.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="TotalSteps">Steps of the whole run; 0 until it is known.</param>
/// <param name="Message">Why it stands so, for people; null where the status says it all.</param>
/// <param name="Phase">What is being done: loading, tokenizing, training, evaluating, saving; null once it is over.</param>
/// <param name="UpdatedAt">When this was written.</param>
public sealed record RunStatus(
    string Status, int Step, int TotalSteps, string? Message = null, string? Phase = null, DateTimeOffset UpdatedAt = default);

/// <summary>The states of a run, as they stand in <c>status.json</c>.</summary>
public static class RunStates
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Completed = "completed";

    /// <summary>Ended by its user, with a checkpoint to go on from.</summary>
    public const string Stopped = "stopped";

    public const string Failed = "failed";

    /// <summary>Its process ended without saying so.</summary>
    public const string Interrupted = "interrupted";
}
