namespace Workbench.Web.Services.Watching;

/// <summary>Curves small enough for a file that is mailed: decimated without losing a spike, broken where a value is no number.</summary>
internal static class ReportCurve
{
    /// <summary>Buckets; each keeps its least and its greatest.</summary>
    private const int Buckets = 300;

    /// <summary>The metric over steps; what a resumed run repeats replaces what it did before.</summary>
    public static List<(double X, double Y)> Of(RunColumns columns, string name)
    {
        var points = new List<(double X, double Y)>();
        var values = columns.Values(name);
        for (var i = 0; i < values.Count; i++)
        {
            if (double.IsNaN(values[i]))
            {
                continue;
            }

            while (points.Count > 0 && points[^1].X >= columns.Steps[i])
            {
                points.RemoveAt(points.Count - 1);
            }

            points.Add((columns.Steps[i], values[i]));
        }

        return points.Count <= 2 * Buckets ? points : [.. points.Chunk((points.Count + Buckets - 1) / Buckets).SelectMany(Extremes)];
    }

    /// <summary>Stretches without a gap.</summary>
    public static IEnumerable<List<(double X, double Y)>> Unbroken(List<(double X, double Y)> points)
    {
        var line = new List<(double X, double Y)>();
        foreach (var point in points)
        {
            if (double.IsFinite(point.Y))
            {
                line.Add(point);
            }
            else if (line.Count > 0)
            {
                yield return line;
                line = [];
            }
        }

        if (line.Count > 0)
        {
            yield return line;
        }
    }

    private static IEnumerable<(double X, double Y)> Extremes((double X, double Y)[] bucket)
    {
        var finite = bucket.Where(point => double.IsFinite(point.Y)).ToList();
        var kept = finite.Count == 0 ? [] : new[] { finite.MinBy(point => point.Y), finite.MaxBy(point => point.Y) }.Distinct();
        return kept.Concat(bucket.Where(point => !double.IsFinite(point.Y)).Take(1)).OrderBy(point => point.X);
    }
}
