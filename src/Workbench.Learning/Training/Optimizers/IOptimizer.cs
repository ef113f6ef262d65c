using static TorchSharp.torch;

namespace Workbench.Learning.Training.Optimizers;

/// <summary>Changes parameters by their gradients, and remembers things about them that a checkpoint must hold.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Steps done.</summary>
    long Steps { get; set; }

    /// <summary>What is remembered, under names that are unique; restored by copying into the tensors.</summary>
    IEnumerable<(string Name, Tensor Value)> State { get; }

    /// <summary>One step on every parameter that has a gradient.</summary>
    void Step(double learningRate);
}
