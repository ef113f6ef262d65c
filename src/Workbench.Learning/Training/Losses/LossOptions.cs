namespace Workbench.Learning.Training.Losses;

/// <summary>What may be changed about the cross entropy.</summary>
public sealed record LossOptions
{
    public static LossOptions Default { get; } = new();

    /// <summary>
    /// Share of the loss that is the mean of -log p over the whole vocabulary, as transformers' LabelSmoother has it (Szegedy et
    /// al., 2016); from 0 to below 1.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Added to the embeddings; null while evaluating.</summary>
    public NeftuneNoise? Noise { get; init; }
}
