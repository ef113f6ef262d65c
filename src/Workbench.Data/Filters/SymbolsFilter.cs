using System.Globalization;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>
/// Removes rows whose texts are symbols rather than words: Gopher's quality rules (arXiv 2112.11446, A.1.1), code fences aside because
/// code is symbols rightly.
/// </summary>
public sealed record SymbolsFilter : IRowFilter
{
    public RowPart Part { get; init; } = RowPart.Answers;

    /// <summary>From how many words on a text is judged.</summary>
    public int MinWords { get; init; } = 20;

    /// <summary>Hash signs and ellipses to words.</summary>
    public double MaxSymbolsPerWord { get; init; } = 0.1;

    /// <summary>Share of words that must hold a letter.</summary>
    public double MinAlphabetic { get; init; } = 0.5;

    /// <summary>Share of lines that may end with an ellipsis.</summary>
    public double MaxEllipsisLines { get; init; } = 0.3;

    /// <inheritdoc/>
    public Func<Row, string?> Prepare() => row =>
    {
        var text = CodeFences.Remove(RowTurn.Join(row, Part));
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < MinWords)
        {
            return null;
        }

        var symbols = text.Count(character => character is '#' or '…') + Count(text, "...");
        var alphabetic = words.Count(word => word.Any(char.IsLetter)) / (double)words.Length;
        var lines = text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).ToArray();
        var ellipses = lines.Count(line => line.TrimEnd() is [.., '…'] or [.., '.', '.', '.']) / (double)lines.Length;
        return symbols > MaxSymbolsPerWord * words.Length ? Say($"{symbols / (double)words.Length:0.00} hash signs and ellipses a word (at most {MaxSymbolsPerWord:0.00})")
            : alphabetic < MinAlphabetic ? Say($"{alphabetic:0.00} of the words hold a letter (at least {MinAlphabetic:0.00})")
            : lines.Length > 1 && ellipses > MaxEllipsisLines ? Say($"{ellipses:0.00} of the lines end with an ellipsis (at most {MaxEllipsisLines:0.00})")
            : null;
    };

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
