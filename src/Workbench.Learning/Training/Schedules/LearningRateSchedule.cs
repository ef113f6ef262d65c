namespace Workbench.Learning.Training.Schedules;

/// <summary>
/// The learning rate of each step, by the formulas of transformers' <c>get_scheduler</c> (optimization.py), where step 0 is
/// the first and warm-up therefore begins at a rate of 0.
/// </summary>
/// <param name="Type">One of <see cref="Types"/>.</param>
/// <param name="Peak">The rate after warm-up.</param>
/// <param name="WarmupSteps">Steps during which the rate rises from 0.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
public sealed record LearningRateSchedule(string Type, double Peak, int WarmupSteps, int TotalSteps)
{
    /// <summary>What <c>lr_scheduler_type</c> may be.</summary>
    public static IReadOnlyList<string> Types { get; } = ["linear", "cosine", "constant", "constant_with_warmup"];

    /// <summary>The schedule of a run of <paramref name="totalSteps"/>; <c>warmup_steps</c> goes before <c>warmup_ratio</c>.</summary>
    public static LearningRateSchedule Create(RunConfig config, int totalSteps) => new(
        config.LrSchedulerType,
        config.LearningRate,
        config.WarmupSteps > 0 ? config.WarmupSteps : (int)Math.Ceiling(totalSteps * config.WarmupRatio),
        totalSteps);

    /// <summary>The rate of step <paramref name="step"/>, counted from 0.</summary>
    public double At(int step)
    {
        if (Type == "constant")
        {
            return Peak;
        }

        if (step < WarmupSteps)
        {
            return Peak * step / Math.Max(1, WarmupSteps);
        }

        double progress = (double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps);
        return Type switch
        {
            "linear" => Peak * Math.Max(0, (double)(TotalSteps - step) / Math.Max(1, TotalSteps - WarmupSteps)),
            "cosine" => Peak * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * progress))),
            _ => Peak, // constant_with_warmup
        };
    }
}
