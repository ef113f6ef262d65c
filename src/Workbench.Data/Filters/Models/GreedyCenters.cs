using System.Numerics;
using System.Runtime.InteropServices;

namespace Workbench.Data.Filters.Models;

/// <summary>
/// Greedy k-center: each next center is the point farthest from all centers so far, which is within twice the best possible covering radius
/// (Gonzalez 1985; for choosing training rows, Sener and Savarese 2018, arXiv 1708.00489). Equal distances go to the earlier point.
/// </summary>
internal sealed class GreedyCenters
{
    private const int Block = 4096;

    private readonly IReadOnlyList<float[]> points;
    private readonly float[] similarity; // of each point to its nearest center
    private readonly int[] nearest;
    private readonly HashSet<int> centers = [];

    private GreedyCenters(IReadOnlyList<float[]> points)
    {
        this.points = points;
        similarity = new float[points.Count];
        nearest = new int[points.Count];
        Array.Fill(similarity, float.NegativeInfinity);
    }

    /// <summary>Indices of the chosen points.</summary>
    public IReadOnlySet<int> Centers => centers;

    /// <summary>The center nearest to a point, and its distance, 0 to 2.</summary>
    public (int Center, double Distance) NearestOf(int point) => (nearest[point], Math.Sqrt(Math.Max(0, 2 - (2 * (double)similarity[point]))));

    /// <summary>Chooses centers, the first of them the point nearest to the mean.</summary>
    /// <param name="points">Vectors of length 1 and of one dimension.</param>
    /// <param name="count">How many; all where there are no more.</param>
    /// <param name="cancellationToken">Stops between two centers.</param>
    /// <remarks>Time: points times centers times dimensions, on all cores.</remarks>
    public static GreedyCenters Choose(IReadOnlyList<float[]> points, int count, CancellationToken cancellationToken)
    {
        var chosen = new GreedyCenters(points);
        if (points.Count > 0)
        {
            var next = chosen.MostTypical();
            while (chosen.centers.Count < Math.Min(count, points.Count))
            {
                cancellationToken.ThrowIfCancellationRequested();
                next = chosen.Add(next);
            }
        }

        return chosen;
    }

    private int MostTypical()
    {
        var mean = new float[points[0].Length];
        foreach (var point in points)
        {
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += point[i];
            }
        }

        var best = 0;
        var most = double.NegativeInfinity;
        for (var i = 0; i < points.Count; i++)
        {
            var dot = Dot(points[i], mean);
            if (dot > most)
            {
                (best, most) = (i, dot);
            }
        }

        return best;
    }

    /// <summary>Makes a point a center.</summary>
    /// <returns>The point that is now farthest from all centers.</returns>
    private int Add(int center)
    {
        centers.Add(center);
        var blocks = (points.Count + Block - 1) / Block;
        var farthest = new int[blocks];
        Parallel.For(0, blocks, block =>
        {
            var (from, to) = (block * Block, Math.Min(points.Count, (block + 1) * Block));
            var best = -1;
            for (var i = from; i < to; i++)
            {
                var dot = i == center ? float.PositiveInfinity : Dot(points[i], points[center]);
                if (dot > similarity[i])
                {
                    (similarity[i], nearest[i]) = (dot, center);
                }

                if (best < 0 || similarity[i] < similarity[best])
                {
                    best = i;
                }
            }

            farthest[block] = best;
        });
        return farthest.MinBy(point => similarity[point]); // the first of equals
    }

    private static float Dot(float[] a, float[] b)
    {
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < left.Length; i++)
        {
            sums += left[i] * right[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = left.Length * Vector<float>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
