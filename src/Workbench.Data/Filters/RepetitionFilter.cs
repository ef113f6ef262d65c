using System.Globalization;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>
/// Removes rows whose answers repeat themselves: the rules and thresholds of Gopher (Rae et al. 2021, arXiv 2112.11446, table A1).
/// Fractions of characters are taken over the words' characters.
/// </summary>
public sealed record RepetitionFilter : IRowFilter
{
    /// <summary>From how many words on a text is judged: shorter ones repeat words by nature.</summary>
    public int MinWords { get; init; } = 50;

    public RowPart Part { get; init; } = RowPart.Answers;

    public double DuplicateLines { get; init; } = 0.30;

    public double DuplicateLineChars { get; init; } = 0.20;

    public double DuplicateParagraphs { get; init; } = 0.30;

    public double DuplicateParagraphChars { get; init; } = 0.20;

    /// <summary>Share of characters in the most frequent 2-, 3- and 4-gram.</summary>
    public IReadOnlyList<double> TopNgramChars { get; init; } = [0.20, 0.18, 0.16];

    /// <summary>Share of characters in 5- to 10-grams that occur more than once.</summary>
    public IReadOnlyList<double> DuplicateNgramChars { get; init; } = [0.15, 0.14, 0.13, 0.12, 0.11, 0.10];

    /// <inheritdoc/>
    public Func<Row, string?> Prepare() => row =>
    {
        var text = RowTurn.Join(row, Part);
        var words = new List<(int Start, int Length)>();
        Words.Of(text, words);
        return words.Count < MinWords ? null
            : Pieces(text.Split('\n'), "lines", DuplicateLines, DuplicateLineChars)
            ?? Pieces(text.Split("\n\n"), "paragraphs", DuplicateParagraphs, DuplicateParagraphChars)
            ?? Ngrams(text, words);
    };

    private static string? Pieces(string[] pieces, string name, double most, double mostChars)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (count, repeated, chars, repeatedChars) = (0, 0, 0, 0);
        foreach (var piece in pieces.Select(piece => piece.Trim()).Where(piece => piece.Length > 0))
        {
            count++;
            chars += piece.Length;
            if (!seen.Add(piece))
            {
                repeated++;
                repeatedChars += piece.Length;
            }
        }

        return count < 2 ? null
            : repeated > most * count ? Say($"{(double)repeated / count:0.00} of the {name} repeat others (at most {most:0.00})")
            : repeatedChars > mostChars * chars ? Say($"{(double)repeatedChars / chars:0.00} of the characters are in repeated {name} (at most {mostChars:0.00})")
            : null;
    }

    private string? Ngrams(string text, List<(int Start, int Length)> words)
    {
        var hashes = new uint[words.Count];
        var before = new int[words.Count + 1]; // characters of the words before each
        for (var i = 0; i < words.Count; i++)
        {
            hashes[i] = Words.Hash(text.AsSpan(words[i].Start, words[i].Length));
            before[i + 1] = before[i] + words[i].Length;
        }

        var total = (double)before[^1];
        for (var i = 0; i < TopNgramChars.Count; i++)
        {
            var n = i + 2;
            var share = Top(hashes, before, n) / total;
            if (share > TopNgramChars[i])
            {
                return Say($"the most frequent {n}-gram makes up {share:0.00} of the characters (at most {TopNgramChars[i]:0.00})");
            }
        }

        for (var i = 0; i < DuplicateNgramChars.Count; i++)
        {
            var n = i + 5;
            var share = Duplicate(hashes, before, n) / total;
            if (share > DuplicateNgramChars[i])
            {
                return Say($"{share:0.00} of the characters are in repeated {n}-grams (at most {DuplicateNgramChars[i]:0.00})");
            }
        }

        return null;
    }

    /// <summary>Characters in the n-gram that occurs most often; 0 when none occurs twice.</summary>
    private static int Top(uint[] hashes, int[] before, int n)
    {
        var counts = new Dictionary<ulong, (int Count, int Chars)>();
        var most = (Count: 1, Chars: 0);
        for (var i = 0; i + n <= hashes.Length; i++)
        {
            var key = Words.HashNgram(hashes, i, n);
            var (count, _) = counts.GetValueOrDefault(key);
            var chars = before[i + n] - before[i];
            counts[key] = (count + 1, chars);
            if (count + 1 > most.Count || (count + 1 == most.Count && count > 0 && chars > most.Chars))
            {
                most = (count + 1, chars);
            }
        }

        return most.Count > 1 ? most.Count * most.Chars : 0;
    }

    /// <summary>Characters in n-grams seen before, each word counted once.</summary>
    private static int Duplicate(uint[] hashes, int[] before, int n)
    {
        var seen = new HashSet<ulong>();
        var (chars, counted) = (0, 0);
        for (var i = 0; i + n <= hashes.Length; i++)
        {
            if (!seen.Add(Words.HashNgram(hashes, i, n)))
            {
                var from = Math.Max(i, counted);
                chars += before[i + n] - before[from];
                counted = i + n;
            }
        }

        return chars;
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
