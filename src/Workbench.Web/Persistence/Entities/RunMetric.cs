namespace Workbench.Web.Persistence.Entities;

/// <summary>One line of a run's metrics.jsonl.</summary>
public sealed class RunMetric
{
    public required string RunId { get; init; }

    /// <summary>1, 2, 3 … without gaps within a run.</summary>
    public long Seq { get; init; }

    /// <summary>The line as the trainer wrote it: {"seq","step","epoch","time", metrics under TRL's names}.</summary>
    public required string Json { get; init; }
}
