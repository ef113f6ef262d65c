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
    /// <summary>How <c>warmup_stable_decay</c> ends; null for the others.</summary>
    public StableDecay? Decay { get; init; }

    /// <summary>What <c>lr_scheduler_type</c> may be.</summary>
    public static IReadOnlyList<string> Types { get; } = ["linear", "cosine", "constant", "constant_with_warmup", "warmup_stable_decay"];

    /// <summary>The schedule of a run of <paramref name="totalSteps"/>; <c>warmup_steps</c> goes before <c>warmup_ratio</c>.</summary>
    public static LearningRateSchedule Create(RunConfig config, int totalSteps) => new(
        config.LrSchedulerType,
        config.LearningRate,
        config.WarmupSteps > 0 ? config.WarmupSteps : (int)Math.Ceiling(totalSteps * config.WarmupRatio),
        totalSteps)
    {
        Decay = config.LrSchedulerType == "warmup_stable_decay" ? StableDecay.Create(config, totalSteps) : null,
    };

    /// <summary>The rate of step <paramref name="step"/>, counted from 0.</summary>
    public double At(int step)
    {
        if (Type == "constant")
        {
            return Peak;
        }

        if (step < WarmupSteps)
        {
            var share = (double)step / Math.Max(1, WarmupSteps);
            return Peak * (Decay?.Raise(share) ?? share);
        }

        double progress = (double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps);
        return Type switch
        {
            "linear" => Peak * Math.Max(0, (double)(TotalSteps - step) / Math.Max(1, TotalSteps - WarmupSteps)),
            "cosine" => Peak * Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * progress))),
            "warmup_stable_decay" => Peak * Decay!.Factor(Math.Max(0, (double)(step - (TotalSteps - Decay.Steps)) / Math.Max(1, Decay.Steps))),
            _ => Peak, // constant_with_warmup
        };
    }
}
