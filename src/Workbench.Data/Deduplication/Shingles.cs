using Workbench.Data.Filters;

namespace Workbench.Data.Deduplication;

/// <summary>The set of a text's word n-grams, as sorted hashes.</summary>
internal static class Shingles
{
    [ThreadStatic]
    private static List<(int Start, int Length)>? s_words;

    /// <summary>
    /// Distinct hashes in ascending order. A text of fewer than <paramref name="n"/> words is one shingle of all its words; an empty text has none.
    /// </summary>
    public static uint[] Of(ReadOnlySpan<char> text, int n)
    {
        var words = s_words ??= [];
        Words.Of(text, words);
        if (words.Count == 0)
        {
            return [];
        }

        var hashes = words.Count <= 2048 ? stackalloc uint[words.Count] : new uint[words.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = Words.Hash(text.Slice(words[i].Start, words[i].Length));
        }

        n = Math.Min(n, hashes.Length);
        var shingles = new uint[hashes.Length - n + 1];
        for (var i = 0; i < shingles.Length; i++)
        {
            var hash = 0u;
            for (var j = 0; j < n; j++)
            {
                hash = Words.Mix((hash * 31) + hashes[i + j] + 1);
            }

            shingles[i] = hash;
        }

        Array.Sort(shingles);
        var distinct = 0;
        for (var i = 0; i < shingles.Length; i++)
        {
            if (i == 0 || shingles[i] != shingles[i - 1])
            {
                shingles[distinct++] = shingles[i];
            }
        }

        return distinct == shingles.Length ? shingles : shingles[..distinct];
    }

    /// <summary>|A ∩ B| / |A ∪ B| of two ascending sets.</summary>
    public static double Jaccard(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return 0;
        }

        int i = 0, j = 0, common = 0;
        while (i < left.Length && j < right.Length)
        {
            var (a, b) = (left[i], right[j]);
            common += a == b ? 1 : 0;
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
        }

        return common / (double)(left.Length + right.Length - common);
    }
}
