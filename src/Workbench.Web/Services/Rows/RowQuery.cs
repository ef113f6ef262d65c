namespace Workbench.Web.Services.Rows;

/// <summary>Which rows of a version are meant; everything that is given must hold.</summary>
/// <param name="Search">Words to find (<see cref="SearchWords.ToQuery"/>); empty for none.</param>
/// <param name="Figure">A figure of <see cref="Figures"/> or <see cref="TokenIndex.Figures"/> that lies from <paramref name="From"/> to below <paramref name="To"/>; null for none.</param>
/// <param name="From">Least value.</param>
/// <param name="To">First value beyond.</param>
/// <param name="Language">ISO code; null for any.</param>
/// <param name="Duplicates">Only rows that say the same as one before.</param>
/// <param name="EmptyAnswers">Only rows with an answer of no text.</param>
/// <param name="Label">Verdict of KTO rows; null for any.</param>
/// <param name="Role">Only rows with a message of that role; null for any.</param>
/// <param name="Model">Id of the model that counts, for a figure of <see cref="TokenIndex.Figures"/>; null for others.</param>
/// <param name="Where">Conditions on columns, a line each (<see cref="Data.Filters.ColumnFilter.Parse"/>); empty for none.</param>
public sealed record RowQuery(
    string Search = "", string? Figure = null, int From = 0, int To = int.MaxValue, string? Language = null, bool Duplicates = false, bool EmptyAnswers = false,
    bool? Label = null, string? Role = null, string? Model = null, string Where = "")
{
    /// <summary>The figures that can be asked for.</summary>
    public static IReadOnlyList<string> Figures { get; } = ["chars", "answer_chars", "turns"];

    /// <summary>Whether every row is meant.</summary>
    public bool IsEmpty => this == new RowQuery() || (this with { Search = "" } == new RowQuery() && SearchWords.ToQuery(Search) is null);
}

/// <summary>A page of the rows that a query means.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Rows">Numbers of those in the page, from 0, ascending.</param>
public sealed record RowMatches(int Total, IReadOnlyList<int> Rows);
