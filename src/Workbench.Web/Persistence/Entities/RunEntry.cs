namespace Workbench.Web.Persistence.Entities;

/// <summary>A training run. Its folder holds everything; this row is the catalogue entry that can be rebuilt from it.</summary>
public sealed class RunEntry
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public RunStatus Status { get; set; }

    /// <summary>Why the run is in its state, in words for its owner; null where the state says it all.</summary>
    public string? StatusReason { get; set; }

    /// <summary>What the worker is doing: loading, tokenizing, training, evaluating, saving; null when none works.</summary>
    public string? Phase { get; set; }

    /// <summary>Training method, as in the configuration: sft, dpo …</summary>
    public required string Method { get; init; }

    /// <summary>The configuration's model_name_or_path.</summary>
    public required string Model { get; init; }

    /// <summary>The configuration's dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>The complete configuration (TRL's names) as JSON.</summary>
    public required string Config { get; init; }

    /// <summary>The run folder (config.json, metrics.jsonl, log.txt, checkpoints, final model).</summary>
    public required string Folder { get; init; }

    /// <summary>Place in the queue; lower goes first.</summary>
    public long QueuePosition { get; set; }

    /// <summary>Higher goes first, whatever the place in the queue.</summary>
    public int Priority { get; set; }

    /// <summary>Waits in the queue until it is released.</summary>
    public bool Held { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Sequence number of the last metric line stored; 0 before the first.</summary>
    public long LastSeq { get; set; }

    /// <summary>Optimizer step of the last metric line.</summary>
    public long Step { get; set; }

    /// <summary>Steps that the run will take; null until the trainer has counted them.</summary>
    public long? TotalSteps { get; set; }

    /// <summary>The last training loss; null before the first.</summary>
    public double? Loss { get; set; }
}
