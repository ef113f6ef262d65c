using System.Text.Json;

namespace Workbench.Learning.Training.Schedules;

/// <summary>
/// How a warm-up, stable, decay schedule (Hu et al., 2024) ends; transformers' <c>get_wsd_schedule</c>, whose options come as
/// <c>lr_scheduler_kwargs</c>.
/// </summary>
/// <param name="Steps">Steps of the decay, at the end of the run.</param>
/// <param name="Type"><c>cosine</c>, <c>linear</c> or <c>1-sqrt</c>.</param>
/// <param name="MinRatio">Share of the peak at which it ends, and at which the warm-up begins.</param>
public sealed record StableDecay(int Steps, string Type, double MinRatio)
{
    /// <summary>Without <c>num_decay_steps</c> the last tenth of the run decays; transformers has no default.</summary>
    private const double DefaultShare = 0.1;

    private static readonly string[] Types = ["cosine", "linear", "1-sqrt"];

    public static StableDecay Create(RunConfig config, int totalSteps)
    {
        var options = config.LrSchedulerKwargs;
        return new StableDecay(
            options?.GetValueOrDefault("num_decay_steps") is { ValueKind: JsonValueKind.Number } steps
                ? Math.Min(steps.GetInt32(), totalSteps)
                : (int)Math.Ceiling(totalSteps * DefaultShare),
            options?.GetValueOrDefault("decay_type") is { ValueKind: JsonValueKind.String } type ? type.GetString()! : "cosine",
            options?.GetValueOrDefault("min_lr_ratio") is { ValueKind: JsonValueKind.Number } ratio ? ratio.GetDouble() : 0);
    }

    /// <summary>Share of the peak when <paramref name="progress"/> of the decay, from 0 to 1, is done.</summary>
    public double Factor(double progress)
    {
        var factor = Type switch
        {
            "linear" => 1 - progress,
            "1-sqrt" => 1 - Math.Sqrt(progress),
            _ => 0.5 * (1 + Math.Cos(Math.PI * progress)),
        };
        return Raise(factor);
    }

    /// <summary>From a share between 0 and 1 to one between <see cref="MinRatio"/> and 1.</summary>
    public double Raise(double factor) => (factor * (1 - MinRatio)) + MinRatio;

    /// <summary>What is wrong with <c>lr_scheduler_kwargs</c>, or null.</summary>
    internal static string? Problem(RunConfig config)
    {
        foreach (var (key, value) in config.LrSchedulerKwargs ?? new Dictionary<string, JsonElement>())
        {
            var wanted = (config.LrSchedulerType, key) switch
            {
                ("warmup_stable_decay", "num_decay_steps") =>
                    value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var steps) && steps > 0 ? null : "a whole number above 0",
                ("warmup_stable_decay", "min_lr_ratio") =>
                    value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and < 1 ? null : "a number from 0 to below 1",
                ("warmup_stable_decay", "decay_type") =>
                    value.ValueKind == JsonValueKind.String && Types.Contains(value.GetString()) ? null : "cosine, linear or 1-sqrt",
                _ => "left out: it means nothing with lr_scheduler_type " + config.LrSchedulerType,
            };
            if (wanted is not null)
            {
                return $"lr_scheduler_kwargs.{key} must be {wanted}.";
            }
        }

        return null;
    }
}
