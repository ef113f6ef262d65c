namespace Workbench.Learning.Training.Optimizers;

/// <summary>The optimizers by transformers' names (<c>optim</c>).</summary>
internal static class OptimizerFactory
{
    public static IReadOnlyList<string> Names { get; } = ["adamw_torch", "adamw_torch_fused", "adafactor"];

    public static IOptimizer Create(RunConfig config, IReadOnlyList<TrainedParameter> parameters) => config.Optim switch
    {
        "adafactor" => new Adafactor(parameters),
        _ => new AdamW(parameters, config),
    };
}
