using System.Text.Json;

namespace Workbench.Web.Services.Watching;

/// <summary>A metric's best value in one run.</summary>
/// <param name="Value">The value.</param>
/// <param name="Step">Where it was reached first.</param>
/// <param name="IsBest">Whether no other run has a better one.</param>
public sealed record BestValue(double Value, int Step, bool IsBest);

/// <summary>A metric's best value in each run; null where a run does not report it.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Greater">Whether more is better.</param>
/// <param name="Values">In the order of the runs.</param>
public sealed record BestRow(string Metric, bool Greater, IReadOnlyList<BestValue?> Values);

/// <summary>An option that is not the same in every run.</summary>
/// <param name="Key">TRL's name.</param>
/// <param name="Values">As JSON, in the order of the runs.</param>
public sealed record ConfigDifference(string Key, IReadOnlyList<string> Values);

/// <summary>What tells runs apart.</summary>
public static class RunComparison
{
    /// <summary>Metrics that have a better and a worse; of the others (a learning rate, a norm) none is best.</summary>
    private static readonly (string Name, bool Greater)[] Judged =
    [
        ("eval_loss", false), ("loss", false), ("eval_mean_token_accuracy", true), ("mean_token_accuracy", true), ("eval_rewards/accuracies", true), ("rewards/accuracies", true),
        ("eval_rewards/margins", true), ("rewards/margins", true), ("eval_reward", true), ("reward", true), ("tokens_per_second", true), ("mfu", true), ("peak_memory_bytes", false),
    ];

    /// <summary>Options that any two runs differ in.</summary>
    private static readonly HashSet<string> OfOneRun = ["output_dir", "run_name"];

    /// <summary>The best value of each judged metric that any run reports.</summary>
    public static IReadOnlyList<BestRow> Best(IReadOnlyList<RunColumns> runs) =>
    [
        .. from metric in Judged
           let values = runs.Select(run => Best(run, metric.Name, metric.Greater)).ToList()
           where values.Exists(value => value is not null)
           let top = metric.Greater ? values.Max(value => value?.Value) : values.Min(value => value?.Value)
           select new BestRow(metric.Name, metric.Greater, [.. values.Select(value => value is { } one ? new BestValue(one.Value, one.Step, values.Count(other => other is not null) > 1 && one.Value == top) : null)]),
    ];

    /// <summary>Options whose values are not the same in all configurations, in the order of the first.</summary>
    public static IReadOnlyList<ConfigDifference> Differences(IReadOnlyList<string> configs)
    {
        var options = configs.Select(config => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(config)!).ToList();
        return
        [
            .. options.SelectMany(config => config.Keys).Distinct().Where(key => !OfOneRun.Contains(key))
                .Select(key => new ConfigDifference(key, [.. options.Select(config => config.TryGetValue(key, out var value) ? value.GetRawText() : "")]))
                .Where(difference => difference.Values.Distinct().Count() > 1),
        ];
    }

    private static (double Value, int Step)? Best(RunColumns run, string name, bool greater)
    {
        if (!run.Names.Contains(name))
        {
            return null;
        }

        (double Value, int Step)? best = null;
        var values = run.Values(name);
        for (var i = 0; i < values.Count; i++)
        {
            if (double.IsFinite(values[i]) && (best is not { } known || (greater ? values[i] > known.Value : values[i] < known.Value)))
            {
                best = (values[i], (int)run.Steps[i]);
            }
        }

        return best;
    }
}
