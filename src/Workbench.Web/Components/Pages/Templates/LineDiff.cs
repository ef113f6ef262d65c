namespace Workbench.Web.Components.Pages.Templates;

/// <summary>What became of a line.</summary>
public enum LineChange
{
    Same,
    Removed,
    Added,
}

/// <summary>A line of a comparison.</summary>
/// <param name="Left">Its number on the left, from 1; null for an added line.</param>
/// <param name="Right">Its number on the right.</param>
public sealed record DiffLine(LineChange Change, string Text, int? Left, int? Right);

/// <summary>The fewest lines to remove and add (Myers, "An O(ND) difference algorithm and its variations", 1986).</summary>
public static class LineDiff
{
    /// <summary>Beyond so many differences nobody reads them one by one: the rest counts as replaced.</summary>
    private const int MostDifferences = 1000;

    public static IReadOnlyList<DiffLine> Of(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var (head, tail) = (0, 0);
        while (head < left.Count && head < right.Count && left[head] == right[head])
        {
            head++;
        }

        while (tail < left.Count - head && tail < right.Count - head && left[^(tail + 1)] == right[^(tail + 1)])
        {
            tail++;
        }

        var lines = new List<DiffLine>();
        for (var i = 0; i < head; i++)
        {
            lines.Add(new DiffLine(LineChange.Same, left[i], i + 1, i + 1));
        }

        var (x, y) = (head, head);
        foreach (var same in Middle([.. left.Skip(head).SkipLast(tail)], [.. right.Skip(head).SkipLast(tail)]))
        {
            Replace(same.Left + head, same.Right + head);
            lines.Add(new DiffLine(LineChange.Same, left[x], ++x, ++y));
        }

        Replace(left.Count - tail, right.Count - tail);
        for (; x < left.Count; x++, y++)
        {
            lines.Add(new DiffLine(LineChange.Same, left[x], x + 1, y + 1));
        }

        return lines;

        void Replace(int toLeft, int toRight)
        {
            for (; x < toLeft; x++)
            {
                lines.Add(new DiffLine(LineChange.Removed, left[x], x + 1, null));
            }

            for (; y < toRight; y++)
            {
                lines.Add(new DiffLine(LineChange.Added, right[y], null, y + 1));
            }
        }
    }

    /// <summary>Pairs of equal lines on a shortest path, in order.</summary>
    private static List<(int Left, int Right)> Middle(string[] left, string[] right)
    {
        var most = Math.Min(left.Length + right.Length, MostDifferences);
        var reach = new int[(2 * most) + 3]; // furthest x on each diagonal k = x - y, at k + most + 1
        var history = new List<int[]>();
        for (var d = 0; d <= most; d++)
        {
            history.Add(reach[(most + 1 - d)..(most + 2 + d)]); // the diagonals -d..d before this round
            for (var k = -d; k <= d; k += 2)
            {
                var at = k + most + 1;
                var x = k == -d || (k != d && reach[at - 1] < reach[at + 1]) ? reach[at + 1] : reach[at - 1] + 1;
                while (x < left.Length && x - k < right.Length && left[x] == right[x - k])
                {
                    x++;
                }

                reach[at] = x;
                if (x >= left.Length && x - k >= right.Length)
                {
                    return Trace(history, left.Length, right.Length);
                }
            }
        }

        return [];
    }

    private static List<(int Left, int Right)> Trace(List<int[]> history, int x, int y)
    {
        var pairs = new List<(int, int)>();
        for (var d = history.Count - 1; d > 0; d--)
        {
            var (before, k) = (history[d], x - y); // before[i] is diagonal i - d
            var previous = k == -d || (k != d && before[k - 1 + d] < before[k + 1 + d]) ? k + 1 : k - 1;
            var fromX = before[previous + d];
            var fromY = fromX - previous;
            while (x > fromX && y > fromY)
            {
                pairs.Add((--x, --y));
            }

            (x, y) = (fromX, fromY);
        }

        while (x > 0 && y > 0)
        {
            pairs.Add((--x, --y));
        }

        pairs.Reverse();
        return pairs;
    }
}
