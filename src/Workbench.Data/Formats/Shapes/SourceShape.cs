using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>A form in which rows come.</summary>
/// <param name="Name">A stable word for programs, such as <c>sharegpt</c>.</param>
/// <param name="Description">Its columns, for people.</param>
/// <param name="Matches">Whether a JSON object is of this form.</param>
/// <param name="Convert">
/// Its columns under TRL's names; null where it has them already. Columns that the form does not know are carried over.
/// Throws <see cref="RowFormatException"/> with the place.
/// </param>
public sealed record SourceShape(string Name, string Description, Func<JsonElement, bool> Matches, Func<JsonElement, JsonObject?> Convert);
