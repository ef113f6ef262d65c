using System.Text.Encodings.Web;
using System.Text.Json;

namespace Workbench.Web.Components.Shared;

/// <summary>One turn as it is shown.</summary>
/// <param name="Role">The role, or the column that a plain text stands in.</param>
/// <param name="Text">Its content.</param>
/// <param name="Extra">Whatever else the message holds (tool calls, names …), as JSON; null when there is nothing.</param>
public sealed record Turn(string Role, string Text, string? Extra);

/// <summary>Rows of any known shape as turns to read.</summary>
public static class Turns
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The turns of a dataset row: messages, prompt and completion, preference pair, text, or token ids.</summary>
    public static IReadOnlyList<Turn> OfRow(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            return [new Turn("row", row.GetRawText(), null)];
        }

        var turns = new List<Turn>();
        foreach (var column in row.EnumerateObject())
        {
            turns.AddRange(OfColumn(column.Name, column.Value));
        }

        return turns;
    }

    private static IEnumerable<Turn> OfColumn(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when value.EnumerateArray().All(IsMessage) && value.GetArrayLength() > 0 =>
            value.EnumerateArray().Select(message => OfMessage(message, name == "messages" ? null : name)),
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
            [new Turn(name, string.Join(' ', value.EnumerateArray().Select(item => item.GetRawText())), null)],
        JsonValueKind.String => [new Turn(name, value.GetString()!, null)],
        _ => [new Turn(name, JsonSerializer.Serialize(value, Readable), null)],
    };

    private static bool IsMessage(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("role", out _);

    private static Turn OfMessage(JsonElement message, string? column)
    {
        var role = message.GetProperty("role").ToString();
        var rest = message.EnumerateObject().Where(field => field.Name is not ("role" or "content") && field.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(field => field.Name, field => field.Value);
        var text = !message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null ? ""
            : content.ValueKind == JsonValueKind.String ? content.GetString()!
            : JsonSerializer.Serialize(content, Readable);
        return new Turn(column is null ? role : $"{column} · {role}", text, rest.Count == 0 ? null : JsonSerializer.Serialize(rest, Readable));
    }
}
