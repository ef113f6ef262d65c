namespace Workbench.Data.Statistics;

/// <summary>A bar of a histogram.</summary>
/// <param name="From">Least value in it.</param>
/// <param name="To">First value behind it.</param>
public readonly record struct HistogramBar(int From, int To, int Count);

/// <summary>Figures of many whole numbers.</summary>
/// <param name="P5">Nearest-rank percentiles.</param>
public sealed record DistributionSummary(int Count, int Min, int P5, int P50, int P95, int P99, int Max, double Mean, IReadOnlyList<HistogramBar> Histogram);

/// <summary>Collects whole numbers of at least 0, four bytes each, and sums them up.</summary>
public sealed class Distribution
{
    private const int Bars = 24;

    private readonly List<int> values = [];

    public void Add(int value) => values.Add(value);

    /// <summary>Null for no values.</summary>
    public DistributionSummary? Summarize()
    {
        if (values.Count == 0)
        {
            return null;
        }

        values.Sort();
        int Rank(double share) => values[Math.Max(0, (int)Math.Ceiling(share * values.Count) - 1)];
        return new DistributionSummary(
            values.Count, values[0], Rank(0.05), Rank(0.5), Rank(0.95), Rank(0.99), values[^1], Math.Round(values.Average(value => (double)value), 2), Histogram());
    }

    /// <summary>Bars of one round width that reach the 99th percentile; one more takes the rest.</summary>
    private List<HistogramBar> Histogram()
    {
        var reach = Math.Max(1, values[Math.Max(0, (int)Math.Ceiling(0.99 * values.Count) - 1)] + 1);
        var width = RoundUp((reach + Bars - 1) / Bars);
        var bars = new List<HistogramBar>();
        var at = 0;
        for (var from = 0; at < values.Count; from += width)
        {
            var last = bars.Count == Bars;
            var to = last ? values[^1] + 1 : from + width;
            var start = at;
            while (at < values.Count && values[at] < to)
            {
                at++;
            }

            bars.Add(new HistogramBar(from, to, at - start));
        }

        return bars;
    }

    /// <summary>1, 2 or 5 times a power of ten.</summary>
    private static int RoundUp(int width)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var step in new[] { power, 2 * power, 5 * power })
            {
                if (step >= width)
                {
                    return (int)Math.Min(step, int.MaxValue);
                }
            }
        }
    }
}
