using System.Buffers;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>
/// Removes rows that hold words of a list, such as a list of slurs: whole words, in any case; terms with CJK characters match anywhere.
/// The list is the user's own: a toxicity list that suits one dataset ruins the next.
/// </summary>
public sealed record WordListFilter : IRowFilter
{
    /// <summary>The terms.</summary>
    public IReadOnlyList<string> Terms { get; init; } = [];

    /// <summary>A text file with a term a line, added to <see cref="Terms"/>; lines that start with # are notes.</summary>
    public string? File { get; init; }

    /// <summary>How many hits a row may have.</summary>
    public int MaxHits { get; init; }

    public RowPart Part { get; init; } = RowPart.All;

    /// <inheritdoc/>
    public Func<Row, string?> Prepare()
    {
        string[] terms = [.. Terms.Concat(Lines()).Select(term => term.Trim()).Where(term => term.Length > 0)];
        if (terms.Length == 0)
        {
            throw new OperatorException("words: there are no terms. Give terms, or file with a term a line.");
        }

        var search = SearchValues.Create(terms, StringComparison.OrdinalIgnoreCase);
        return row =>
        {
            var text = RowTurn.Join(row, Part);
            var hits = 0;
            string? first = null;
            for (var at = text.AsSpan().IndexOfAny(search); at >= 0 && at < text.Length;)
            {
                var here = Longest(terms, text, at);
                if (here is not null)
                {
                    first ??= here;
                    hits++;
                }

                var from = at + Math.Max(1, here?.Length ?? 1);
                var next = text.AsSpan(from).IndexOfAny(search);
                at = next < 0 ? -1 : from + next;
            }

            return hits > MaxHits ? $"{hits} words of the list, the first is \"{first}\"" : null;
        };
    }

    private static string? Longest(string[] terms, string text, int at) => terms
        .Where(term => string.Compare(text, at, term, 0, term.Length, StringComparison.OrdinalIgnoreCase) == 0 && IsWhole(text, at, term.Length))
        .MaxBy(term => term.Length);

    private static bool IsWhole(string text, int start, int length)
    {
        var end = start + length;
        return (start == 0 || !Joins(text[start - 1], text[start])) && (end == text.Length || !Joins(text[end - 1], text[end]));
    }

    private static bool Joins(char left, char right) =>
        char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right) && !Words.IsCjk(left) && !Words.IsCjk(right);

    private IEnumerable<string> Lines()
    {
        if (File is null)
        {
            return [];
        }

        try
        {
            return System.IO.File.ReadAllLines(File).Where(line => !line.StartsWith('#'));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"words: the file {File} cannot be read: {exception.Message}", exception);
        }
    }
}
