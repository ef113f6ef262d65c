using Workbench.Learning.Training.Losses;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>Sums over the steps since the last logged point; TRL's definitions. Part of a checkpoint, so that a resumed run logs the same.</summary>
public sealed record MetricWindow
{
    public int Steps { get; init; }

    public int MicroBatches { get; init; }

    public double Loss { get; init; }

    public double Entropy { get; init; }

    public double Accuracy { get; init; }

    /// <summary>Adds a micro-batch: mean entropy of its tokens, share of its labels predicted right.</summary>
    public MetricWindow AddBatch(CausalLanguageModelLoss.Result batch) => this with
    {
        MicroBatches = MicroBatches + 1,
        Entropy = Entropy + (batch.EntropySum / batch.TokenCount),
        Accuracy = Accuracy + ((double)batch.CorrectCount / Math.Max(1, batch.LabelCount)),
    };

    public MetricWindow AddStep(double loss) => this with { Steps = Steps + 1, Loss = Loss + loss };
}
