using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters.Models;

/// <summary>Keeps rows by a figure that a model gives them, and writes it beside them where asked.</summary>
/// <param name="Name">The figure, in messages.</param>
/// <param name="Min">The least that stays; null for no limit.</param>
/// <param name="Max">The most that stays; null for no limit.</param>
/// <param name="Column">Where it is written; null for nowhere.</param>
internal sealed record FigureFilter(string Name, double? Min, double? Max, string? Column)
{
    /// <summary>Columns that make up a row: a figure in their place would destroy it.</summary>
    private static readonly string[] Taken = ["messages", "prompt", "completion", "chosen", "rejected", "text", "input_ids", "labels", "label", "tools"];

    /// <exception cref="OperatorException">Nothing is asked for, or a bound is wrong.</exception>
    public void Check()
    {
        if (Min is null && Max is null && Column is null)
        {
            throw new OperatorException($"{Name}: give min or max, or a column to write it to.");
        }

        if (Min is { } least && !double.IsFinite(least) || Max is { } most && !double.IsFinite(most) || Min > Max)
        {
            throw new OperatorException($"{Name}: min and max must be numbers, and min the smaller.");
        }

        if (Column is { } column && (string.IsNullOrWhiteSpace(column) || Taken.Contains(column)))
        {
            throw new OperatorException($"{Name}: \"{column}\" is no column for a figure; name another one, e.g. \"{Name}\".");
        }
    }

    /// <summary>What becomes of a row.</summary>
    public Verdict Judge(RowItem item, RowFigure figure)
    {
        if (figure.Problem is { } problem)
        {
            return new Verdict(item, $"has no {Name}: {problem}");
        }

        var value = Rounded(figure.Value);
        return value < Min ? new Verdict(item, string.Create(CultureInfo.InvariantCulture, $"{Name} {value} is below {Min}"))
            : value > Max ? new Verdict(item, string.Create(CultureInfo.InvariantCulture, $"{Name} {value} is above {Max}"))
            : Column is null ? new Verdict(item)
            : new Verdict(item with { Row = With(item.Row, value) }, Change: string.Create(CultureInfo.InvariantCulture, $"{Name} {value}"));
    }

    private Row With(Row row, double value)
    {
        var json = JsonObject.Create(row.Json)!;
        json[Column!] = value;
        return row with { Json = JsonSerializer.SerializeToElement(json) };
    }

    /// <summary>Five digits: sums of floats differ in the last ones from machine to machine, and rows must not.</summary>
    private static double Rounded(double value) =>
        double.IsFinite(value) ? double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : double.MaxValue;
}
