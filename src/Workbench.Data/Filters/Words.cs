namespace Workbench.Data.Filters;

/// <summary>
/// Cuts text into words: runs of letters and digits; a CJK character is a word of its own, because there are no spaces between words.
/// </summary>
internal static class Words
{
    /// <summary>Start and length of each word.</summary>
    public static void Of(ReadOnlySpan<char> text, List<(int Start, int Length)> words)
    {
        words.Clear();
        var start = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var cjk = IsCjk(text[i]);
            if (!cjk && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i])))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start >= 0)
            {
                words.Add((start, i - start));
                start = -1;
            }

            if (cjk)
            {
                words.Add((i, 1));
            }
        }

        if (start >= 0)
        {
            words.Add((start, text.Length - start));
        }
    }

    /// <summary>Kana, ideographs, Hangul aside: Korean writes spaces.</summary>
    public static bool IsCjk(char character) =>
        character is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');

    /// <summary>FNV-1a over lower-cased characters: the same word in another case hashes alike.</summary>
    public static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var character in word)
        {
            hash = (hash ^ char.ToLowerInvariant(character)) * 16777619u;
        }

        return hash;
    }

    /// <summary>MurmurHash3's finalizer: every bit of the input moves every bit of the output.</summary>
    public static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return hash ^ (hash >> 16);
    }

    /// <summary>One hash for <paramref name="n"/> words from <paramref name="first"/> on.</summary>
    public static ulong HashNgram(ReadOnlySpan<uint> hashes, int first, int n)
    {
        var hash = 0xCBF29CE484222325ul;
        foreach (var word in hashes.Slice(first, n))
        {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15ul;
            hash ^= hash >> 29;
        }

        return hash;
    }
}
