namespace Workbench.Learning.Training.Optimizers;

/// <summary>The optimizers by transformers' names (<c>optim</c>).</summary>
internal static class OptimizerFactory
{
    public static IReadOnlyList<string> Names { get; } = ["adamw_torch", "adamw_torch_fused", "adamw_8bit", "adafactor"];

    public static IOptimizer Create(RunConfig config, IReadOnlyList<TrainedParameter> parameters) => config.Optim switch
    {
        "adafactor" => new Adafactor(parameters),
        "adamw_8bit" => new AdamW8Bit(parameters, config),
        _ => new AdamW(parameters, config),
    };
}
