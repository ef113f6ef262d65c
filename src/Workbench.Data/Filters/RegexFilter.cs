using System.Text.RegularExpressions;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>Removes rows that match a pattern, or those that do not.</summary>
public sealed record RegexFilter : IRowFilter
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>A .NET regular expression.</summary>
    public required string Pattern { get; init; }

    public RowPart Part { get; init; } = RowPart.All;

    /// <summary>Keep the rows that match rather than remove them.</summary>
    public bool KeepMatching { get; init; }

    public bool IgnoreCase { get; init; }

    /// <inheritdoc/>
    public Func<Row, string?> Prepare()
    {
        var regex = Compile();
        return row =>
        {
            try
            {
                var match = regex.Match(RowTurn.Join(row, Part));
                return match.Success == KeepMatching ? null
                    : match.Success ? $"matches {Pattern} at \"{Shortened(match.Value)}\""
                    : $"does not match {Pattern}";
            }
            catch (RegexMatchTimeoutException)
            {
                return $"the pattern {Pattern} needed more than {Timeout.TotalSeconds:0} s for this row; write it without nested repetition";
            }
        };
    }

    /// <summary>Linear in the text where the pattern allows it; one with backreferences or lookarounds may take longer, up to a second a row.</summary>
    private Regex Compile()
    {
        var options = RegexOptions.CultureInvariant | (IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new Regex(Pattern, options | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(Pattern, options, Timeout);
        }
        catch (ArgumentException exception)
        {
            throw new OperatorException($"regex: the pattern {Pattern} cannot be read: {exception.Message}", exception);
        }
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
