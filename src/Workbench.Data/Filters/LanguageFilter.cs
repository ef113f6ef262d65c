using System.Globalization;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>Keeps rows in given languages.</summary>
public sealed record LanguageFilter : IRowFilter
{
    /// <summary>ISO 639-1 codes, such as en and zh.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>A row whose language is less sure than this is removed.</summary>
    public double MinConfidence { get; init; } = 0.3;

    /// <summary>Rows in which nothing tells the language (numbers, code, a name) stay.</summary>
    public bool KeepUndetermined { get; init; } = true;

    public RowPart Part { get; init; } = RowPart.All;

    /// <inheritdoc/>
    public Func<Row, string?> Prepare()
    {
        var unknown = Keep.Except(LanguageIdentifier.Languages).ToArray();
        if (Keep.Count == 0 || unknown.Length > 0)
        {
            throw new OperatorException(
                (Keep.Count == 0 ? "language: keep names no language." : $"language: {string.Join(", ", unknown)} cannot be told.")
                + $" There are: {string.Join(", ", LanguageIdentifier.Languages)}.");
        }

        return row =>
        {
            var (code, confidence) = LanguageIdentifier.Identify(CodeFences.Remove(RowTurn.Join(row, Part)));
            return code == "und" ? KeepUndetermined ? null : "the language cannot be told"
                : !Keep.Contains(code) ? string.Create(CultureInfo.InvariantCulture, $"the language is {code} ({confidence:0.00})")
                : confidence < MinConfidence ? string.Create(CultureInfo.InvariantCulture, $"the language is {code}, but only with {confidence:0.00}")
                : null;
        };
    }
}
