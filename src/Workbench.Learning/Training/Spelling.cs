namespace Workbench.Learning.Training;

/// <summary>The nearest of known names, for messages about unknown ones.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the smallest edit distance, or null where none is near enough to be meant.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var (best, name) = candidates
            .Select(candidate => (Distance: Distance(word.ToLowerInvariant(), candidate), candidate))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .First();
        if (best <= Math.Max(2, name.Length / 3))
        {
            return name;
        }

        // Half a name is a common slip too: batch_size, scheduler, epochs.
        return candidates
            .Where(candidate => word.Length >= 4 && candidate.Contains(word, StringComparison.OrdinalIgnoreCase))
            .OrderBy(candidate => candidate.Length)
            .ThenBy(candidate => candidate, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 64)
        {
            return int.MaxValue;
        }

        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
