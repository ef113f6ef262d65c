namespace Workbench.Web.Persistence.Entities;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>A worker process trains it.</summary>
    Running,

    /// <summary>Asked to stop; the worker saves a checkpoint first.</summary>
    Stopping,

    /// <summary>Trained to its end.</summary>
    Completed,

    /// <summary>Stopped on request, with a checkpoint to go on from.</summary>
    Stopped,

    /// <summary>The trainer reported an error: the reason says which, and what to change.</summary>
    Failed,

    /// <summary>The worker went away without a word (killed, out of memory, native crash, power); the run can be resumed.</summary>
    Interrupted,
}

/// <summary>What a run in a state can do next.</summary>
public static class RunStatusRules
{
    /// <summary>No worker has it and none will take it by itself.</summary>
    public static bool IsFinal(this RunStatus status) =>
        status is RunStatus.Completed or RunStatus.Stopped or RunStatus.Failed or RunStatus.Interrupted;

    public static bool CanStop(this RunStatus status) => status is RunStatus.Queued or RunStatus.Running;

    public static bool CanResume(this RunStatus status) =>
        status is RunStatus.Stopped or RunStatus.Failed or RunStatus.Interrupted;
}
