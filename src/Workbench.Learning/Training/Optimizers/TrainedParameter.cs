using TorchSharp.Modules;

namespace Workbench.Learning.Training.Optimizers;

/// <summary>A parameter that is trained.</summary>
/// <param name="Name">Unique; transformers' or PEFT's.</param>
/// <param name="Parameter">The float32 weight.</param>
/// <param name="WeightDecay">0 where transformers' Trainer decays nothing: biases and norms.</param>
internal sealed record TrainedParameter(string Name, Parameter Parameter, double WeightDecay)
{
    /// <summary>Groups the weights as Trainer.get_decay_parameter_names does.</summary>
    public static IReadOnlyList<TrainedParameter> Of(IEnumerable<(string Name, Parameter Weight)> weights, double weightDecay) =>
        [.. weights.Select(weight => new TrainedParameter(weight.Name, weight.Weight, Decays(weight.Name) ? weightDecay : 0))];

    private static bool Decays(string name) =>
        !name.EndsWith(".bias", StringComparison.Ordinal) && !name.EndsWith("norm.weight", StringComparison.Ordinal);
}
