using Workbench.Learning.Training.Objectives;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>
/// Sums over the steps since the last logged point. TRL's definition: a metric is the mean over micro-batches of their means. Part
/// of a checkpoint, so that a resumed run logs the same.
/// </summary>
public sealed record MetricWindow
{
    public int Steps { get; init; }

    public double Loss { get; init; }

    /// <summary>By name: the sum of the means of the micro-batches, and how many micro-batches there were.</summary>
    public IReadOnlyDictionary<string, Entry> Sums { get; init; } = new Dictionary<string, Entry>(StringComparer.Ordinal);

    public sealed record Entry(double Sum, int Count);

    /// <summary>The mean of each metric, in the order in which they first came.</summary>
    public IEnumerable<(string Name, double Mean)> Means() => Sums.Select(pair => (pair.Key, pair.Value.Sum / pair.Value.Count));

    internal MetricWindow AddBatch(IReadOnlyList<MetricSum> metrics)
    {
        var sums = new Dictionary<string, Entry>(Sums, StringComparer.Ordinal);
        foreach (var metric in metrics.Where(metric => metric.Count > 0))
        {
            var before = sums.GetValueOrDefault(metric.Name) ?? new Entry(0, 0);
            sums[metric.Name] = new Entry(before.Sum + (metric.Sum / metric.Count), before.Count + 1);
        }

        return this with { Sums = sums };
    }

    public MetricWindow AddStep(double loss) => this with { Steps = Steps + 1, Loss = Loss + loss };
}
