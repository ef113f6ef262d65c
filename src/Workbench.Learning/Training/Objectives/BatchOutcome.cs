using static TorchSharp.torch;

namespace Workbench.Learning.Training.Objectives;

/// <summary>What a micro-batch gives.</summary>
/// <param name="LossSum">Scalar; not yet divided by the window's weight.</param>
/// <param name="Lengths">Real tokens of each sequence of the batch, padding left out.</param>
/// <param name="Metrics">Under TRL's names.</param>
internal sealed record BatchOutcome(Tensor LossSum, IReadOnlyList<int> Lengths, IReadOnlyList<MetricSum> Metrics)
{
    public long Tokens => Lengths.Sum(length => (long)length);
}

/// <summary>A metric as a sum, so that batches of any size can be put together.</summary>
/// <param name="Name">TRL's.</param>
/// <param name="Sum">Over what it is the mean of.</param>
/// <param name="Count">How many there are; 0 where the batch says nothing about it.</param>
internal readonly record struct MetricSum(string Name, double Sum, double Count);
