namespace Workbench.Learning.Training.Checkpoints;

/// <summary>
/// Which evaluation is the best, and when there were enough without a better one: transformers' <c>metric_for_best_model</c>,
/// <c>greater_is_better</c> and EarlyStoppingCallback.
/// </summary>
internal sealed class BestCheckpoint(RunConfig config)
{
    private readonly bool _greaterIsBetter =
        config.GreaterIsBetter ?? !(config.MetricForBestModel ?? "loss").EndsWith("loss", StringComparison.Ordinal);

    /// <summary>The metric's name as it is logged.</summary>
    public string Metric { get; } =
        config.MetricForBestModel is not { } name ? "eval_loss" : name.StartsWith("eval_", StringComparison.Ordinal) ? name : "eval_" + name;

    /// <summary>True where the patience is at its end.</summary>
    public bool EndsRun(TrainerState state) =>
        config.EarlyStoppingPatience is { } patience && state.EvaluationsWithoutImprovement >= patience;

    /// <summary>Takes an evaluation into account. NaN is never better.</summary>
    /// <exception cref="TrainingException">The metric is not among those of the evaluation.</exception>
    public TrainerState Judge(TrainerState state, IReadOnlyDictionary<string, double> metrics, out bool isBest)
    {
        if (!metrics.TryGetValue(Metric, out var value))
        {
            throw new TrainingException(
                $"metric_for_best_model is \"{config.MetricForBestModel}\", but an evaluation gives {string.Join(", ", metrics.Keys)}: choose one of them.");
        }

        var gain = state.BestMetric is { } best ? (_greaterIsBetter ? value - best : best - value) : double.PositiveInfinity;
        isBest = !double.IsNaN(value) && gain > 0;
        var improved = !double.IsNaN(value) && (state.BestMetric is null || gain > config.EarlyStoppingThreshold);
        return state with
        {
            BestMetric = isBest ? value : state.BestMetric,
            EvaluationsWithoutImprovement = improved ? 0 : state.EvaluationsWithoutImprovement + 1,
        };
    }
}
