using Workbench.Data.Filters;

namespace Workbench.Data.Sampling;

/// <summary>
/// Keeps one part of a dataset that is cut into train, validation and test (<see cref="DatasetSplit"/>). Recipes with the same shares and seed on the same
/// version make parts that share no prompt and lack no row, however the dataset has grown since.
/// </summary>
public sealed record SplitFilter : IRowFilter
{
    /// <summary>The part that stays.</summary>
    public SplitPart Part { get; init; } = SplitPart.Train;

    /// <inheritdoc cref="DatasetSplit.Validation"/>
    public double Validation { get; init; } = 0.05;

    /// <inheritdoc cref="DatasetSplit.Test"/>
    public double Test { get; init; } = 0.05;

    /// <inheritdoc cref="DatasetSplit.Key"/>
    public SplitKey Key { get; init; } = SplitKey.Prompt;

    /// <inheritdoc cref="DatasetSplit.Seed"/>
    public long Seed { get; init; } = 42;

    /// <inheritdoc/>
    public Func<Formats.Row, string?> Prepare()
    {
        var split = new DatasetSplit { Validation = Validation, Test = Test, Key = Key, Seed = Seed };
        split.Check();
        return row => split.Of(row) is var part && part == Part ? null : $"belongs to {part.ToString().ToLowerInvariant()}";
    }
}
