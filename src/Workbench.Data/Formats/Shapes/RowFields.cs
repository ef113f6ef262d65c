using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>Reading a row's fields by name and carrying over those that a form does not know.</summary>
internal static class RowFields
{
    public static JsonElement? Get(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The text of a field; null where it is absent or null.</summary>
    /// <exception cref="RowFormatException">It is something else.</exception>
    public static string? Text(JsonElement row, string name) => Get(row, name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new RowFormatException($"{name} must be a string");

    /// <summary>The text of a field that must be there.</summary>
    public static string RequiredText(JsonElement row, string name, string place = "") =>
        Text(row, name) ?? throw new RowFormatException($"{place}{name} is missing or null; it must be a string");

    public static JsonNode? Node(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };

    public static JsonObject Message(string role, string? content) => new() { ["role"] = role, ["content"] = content };

    /// <summary>Adds the row's other columns to <paramref name="target"/>, those in <paramref name="used"/> and those it has already aside.</summary>
    public static JsonObject Carry(JsonElement row, JsonObject target, params ReadOnlySpan<string> used)
    {
        foreach (var field in row.EnumerateObject())
        {
            if (!used.Contains(field.Name) && !target.ContainsKey(field.Name))
            {
                target[field.Name] = Node(field.Value);
            }
        }

        return target;
    }
}
