using System.Text;
using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Tests.Data;

/// <summary>Rows written short.</summary>
internal static class Rows
{
    public static Row Parse(string json) => RowParser.Parse(Encoding.UTF8.GetBytes(json));

    public static Row Chat(string question, string answer) => Parse(JsonSerializer.Serialize(new
    {
        messages = new[] { new { role = "user", content = question }, new { role = "assistant", content = answer } },
    }));

    public static Row Text(string text) => Parse(JsonSerializer.Serialize(new { text }));

    public static IEnumerable<RowItem> Numbered(this IEnumerable<Row> rows) => rows.Select((row, i) => new RowItem(i + 1, row));

    /// <summary>Why the operator removes each row, null where it keeps it, in the order of their numbers.</summary>
    public static IReadOnlyList<string?> Reasons(this IRowOperator filter, params Row[] rows) =>
        [.. filter.Apply(rows.Numbered()).OrderBy(verdict => verdict.Item.Number).Select(verdict => verdict.Reason)];

    /// <summary>Numbers of the rows that stay.</summary>
    public static int[] Kept(this IRowOperator filter, params Row[] rows) =>
        [.. filter.Apply(rows.Numbered()).Where(verdict => verdict.Kept).Select(verdict => verdict.Item.Number).Order()];
}
