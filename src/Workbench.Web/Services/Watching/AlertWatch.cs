using Workbench.Learning.Training;

namespace Workbench.Web.Services.Watching;

/// <summary>
/// Watches a run's points as they come and raises each kind of alert once for a metric. Thresholds err on the quiet side: an alert that
/// comes with every run is not read.
/// </summary>
public sealed class AlertWatch
{
    /// <summary>Points before a level is known.</summary>
    private const int Settled = 20;

    /// <summary>Mean absolute deviations above the mean: noise of a normal distribution reaches 10 of them once in 10^15 points.</summary>
    private const double SpikeDeviations = 10;

    /// <summary>And at least so many times the level, since a nearly constant loss has hardly any deviation.</summary>
    private const double SpikeShare = 1.5;

    /// <summary>Points of no progress, and by how much of itself the loss should have fallen over them.</summary>
    private const int PlateauPoints = 200;

    private const double PlateauShare = 0.005;

    private const double MostClipped = 0.5, CollapsedShare = 0.1, LeastMargin = 0.1;

    /// <summary>Evaluations in a row that were worse than the best by more than a fiftieth.</summary>
    private const int WorseEvaluations = 3;

    private const double WorseShare = 1.02;

    private readonly List<RunAlert> alerts = [];
    private readonly Level loss = new(0.95);
    private readonly Level slow = new(0.98);
    private readonly Level margin = new(0.9);
    private double bestSlow = double.PositiveInfinity;
    private int sinceBest;
    private double bestMargin;
    private double bestEvaluation = double.PositiveInfinity;
    private int worse;
    private int clipped;

    /// <summary>What was found, in the order in which it was seen.</summary>
    public IReadOnlyList<RunAlert> Alerts => alerts;

    /// <summary>Looks at one more point.</summary>
    public void Add(MetricPoint point)
    {
        foreach (var (name, value) in point.Values)
        {
            if (!double.IsFinite(value))
            {
                Raise(RunAlertKind.NotANumber, name, point, value);
            }
        }

        if (Finite(point, "loss") is { } training)
        {
            WatchLoss(point, training);
        }

        if (Finite(point, "eval_loss") is { } evaluation)
        {
            worse = evaluation > bestEvaluation * WorseShare ? worse + 1 : 0;
            bestEvaluation = Math.Min(bestEvaluation, evaluation);
            if (worse >= WorseEvaluations)
            {
                Raise(RunAlertKind.Overfitting, "eval_loss", point, evaluation);
            }
        }

        if (Finite(point, "rewards/margins") is { } distance)
        {
            margin.Add(distance);
            bestMargin = Math.Max(bestMargin, margin.Count >= Settled ? margin.Mean : 0);
            if (bestMargin > LeastMargin && margin.Mean < CollapsedShare * bestMargin)
            {
                Raise(RunAlertKind.MarginsCollapse, "rewards/margins", point, distance);
            }
        }

        if (Finite(point, "completions/clipped_ratio") is { } share)
        {
            clipped = share > MostClipped ? clipped + 1 : 0;
            if (clipped >= 3)
            {
                Raise(RunAlertKind.ClippedCompletions, "completions/clipped_ratio", point, share);
            }
        }
    }

    private void WatchLoss(MetricPoint point, double value)
    {
        if (loss.Count >= Settled && value > loss.Mean + (SpikeDeviations * loss.Deviation) && value > SpikeShare * Math.Abs(loss.Mean))
        {
            Raise(RunAlertKind.Spike, "loss", point, value);
        }
        else
        {
            loss.Add(value); // a spike must not lift the level that it is measured by
        }

        slow.Add(value);
        if (slow.Mean < bestSlow - (PlateauShare * Math.Abs(bestSlow)) || double.IsInfinity(bestSlow))
        {
            (bestSlow, sinceBest) = (slow.Mean, 0);
        }
        else if (++sinceBest == PlateauPoints)
        {
            Raise(RunAlertKind.Plateau, "loss", point, value);
        }
    }

    private static double? Finite(MetricPoint point, string name) => point.Values.TryGetValue(name, out var value) && double.IsFinite(value) ? value : null;

    private void Raise(RunAlertKind kind, string metric, MetricPoint point, double value)
    {
        if (!alerts.Exists(alert => alert.Kind == kind && alert.Metric == metric))
        {
            alerts.Add(new RunAlert(kind, metric, point.Step, value));
        }
    }

    /// <summary>A moving mean and mean absolute deviation, debiased.</summary>
    private sealed class Level(double weight)
    {
        private double sum, deviations, norm;

        public int Count { get; private set; }

        public double Mean => norm > 0 ? sum / norm : double.NaN;

        public double Deviation => norm > 0 ? deviations / norm : 0;

        public void Add(double value)
        {
            deviations = (weight * deviations) + ((1 - weight) * (Count == 0 ? 0 : Math.Abs(value - Mean)));
            sum = (weight * sum) + ((1 - weight) * value);
            norm = (weight * norm) + (1 - weight);
            Count++;
        }
    }
}
