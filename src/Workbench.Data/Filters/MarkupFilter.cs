using System.Text.Json;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>Removes rows whose answers hold broken markup: code fences that do not close, JSON that does not parse, tables and emphasis that fall apart.</summary>
public sealed record MarkupFilter : IRowFilter
{
    public bool CodeBlocks { get; init; } = true;

    /// <summary>Blocks marked json must parse (with comments and trailing commas allowed), and answers that are one JSON value.</summary>
    public bool Json { get; init; } = true;

    /// <summary>Rows of a table have as many cells as its heading; bold marks are paired.</summary>
    public bool Markdown { get; init; } = true;

    private static readonly JsonDocumentOptions Lenient =
        new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <inheritdoc/>
    public Func<Row, string?> Prepare() => row =>
        RowTurn.Of(row).Where(turn => turn.IsAnswer && turn.Column != "rejected").Select(turn => Problem(turn.Text)).FirstOrDefault(problem => problem is not null);

    private string? Problem(string text)
    {
        var (prose, blocks, open) = CodeFences.Split(text);
        if (CodeBlocks && open)
        {
            return "a code block is not closed";
        }

        if (Json)
        {
            var bad = blocks.FirstOrDefault(block => block.Info.Equals("json", StringComparison.OrdinalIgnoreCase) && !block.Code.Contains("...", StringComparison.Ordinal) && !Parses(block.Code));
            if (bad.Code is not null)
            {
                return "a JSON block does not parse";
            }

            if (text.TrimStart() is ['{', ' ' or '\n' or '"', ..] && text.TrimEnd().EndsWith('}') && !Parses(text))
            {
                return "the answer looks like JSON but does not parse";
            }
        }

        return !Markdown ? null
            : Occurrences(prose, "**") % 2 == 1 ? "bold marks (**) are not paired"
            : BrokenTable(prose);
    }

    private static bool Parses(string json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return true;
        }

        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int Occurrences(string text, string mark)
    {
        var count = 0;
        foreach (var line in text.Split('\n').Where(line => !line.Contains('`', StringComparison.Ordinal) && line.Trim().Trim('*').Length > 0))
        {
            for (var at = line.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = line.IndexOf(mark, at + mark.Length, StringComparison.Ordinal))
            {
                // x**2 and **kwargs are Python, not emphasis.
                var after = at + 2 < line.Length ? line[at + 2] : ' ';
                var before = at > 0 ? line[at - 1] : ' ';
                count += char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after) ? 0 : 1;
            }
        }

        return count;
    }

    private static string? BrokenTable(string prose)
    {
        var lines = prose.Split('\n').Select(line => line.Trim()).ToArray();
        for (var i = 1; i < lines.Length; i++)
        {
            if (!IsSeparator(lines[i]))
            {
                continue;
            }

            var cells = Cells(lines[i]);
            for (var j = i + 1; j < lines.Length && lines[j].StartsWith('|'); j++)
            {
                if (Cells(lines[j]) != cells)
                {
                    return $"a table has {cells} columns, but a row of it {Cells(lines[j])}";
                }
            }
        }

        return null;
    }

    private static bool IsSeparator(string line) => line.StartsWith('|') && line.Contains("---", StringComparison.Ordinal) && line.All(character => character is '|' or '-' or ':' or ' ');

    private static int Cells(string line) => line.Trim('|').Replace("\\|", "", StringComparison.Ordinal).Split('|').Length;
}
