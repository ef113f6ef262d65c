using System.Text.RegularExpressions;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>
/// Removes rows whose last answer was cut off: it ends within a code block, or it is a long text that ends without a mark on a word
/// that cannot end a sentence or within a line of prose.
/// </summary>
public sealed partial record TruncatedFilter : IRowFilter
{
    /// <summary>Shorter answers ("42", "A blue whale") need no full stop.</summary>
    public int MinChars { get; init; } = 200;

    /// <summary>Rather than only what surely broke off (a comma, a conjunction), remove all prose without an end mark.</summary>
    public bool Strict { get; init; } = true;

    /// <inheritdoc/>
    public Func<Row, string?> Prepare() => row =>
        RowTurn.Of(row).Where(turn => turn.IsAnswer && turn.Column != "rejected").Select(turn => turn.Text).LastOrDefault() is { } text
            ? Problem(text.TrimEnd()) : null;

    private string? Problem(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (CodeFences.Split(text).Open)
        {
            return "the answer ends within a code block";
        }

        var line = text[(text.LastIndexOf('\n') + 1)..].Trim();
        if (text.Length < MinChars || line.Length == 0 || IsNoProse(line))
        {
            return null;
        }

        return Unfinished().IsMatch(line) ? $"the answer breaks off: \"…{line[Math.Max(0, line.Length - 40)..]}\""
            : Strict && !EndMark().IsMatch(line) && line.Length > 40 ? $"the answer ends without a mark: \"…{line[Math.Max(0, line.Length - 40)..]}\""
            : null;
    }

    /// <summary>Lists, tables, formulas, links, headings and code have ends of their own.</summary>
    private static bool IsNoProse(string line) =>
        line[0] is '|' or '#' or '-' or '*' or '+' or '•' or '`' or '$' or '<' or '{' or '[' or '\\' || NumberedItem().IsMatch(line)
        || line.Contains("http", StringComparison.Ordinal) || line.EndsWith('`');

    [GeneratedRegex(@"(?:[,，、;；(（]|\b(?:and|or|but|the|a|an|of|to|in|for|with|by|from|that|which|is|are|was|were|as|at|on|und|oder|der|die|das|et|ou|le|la|de|y|o|el))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unfinished();

    [GeneratedRegex("""[.!?。！？…:：;)）\]】}"'”’»*_~|>＞%》」』\p{So}\p{Sk}\p{Cs}\d]$""", RegexOptions.CultureInvariant)]
    private static partial Regex EndMark();

    [GeneratedRegex(@"^\d+[.)、]")]
    private static partial Regex NumberedItem();
}
