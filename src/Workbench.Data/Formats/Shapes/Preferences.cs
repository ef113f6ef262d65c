using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>
/// Pairs of answers as they come: texts under prompt, question or instruction; UltraFeedback's text prompt beside whole
/// conversations; a single message in place of a list.
/// </summary>
internal static class Preferences
{
    private static readonly string[] Prompts = ["prompt", "question", "instruction", "query"];

    public static JsonObject? Convert(JsonElement row)
    {
        var (chosen, rejected) = (row.GetProperty("chosen"), row.GetProperty("rejected"));
        var name = Array.Find(Prompts, candidate => SourceShapes.Text(row, candidate));
        if (chosen.ValueKind == JsonValueKind.String && rejected.ValueKind == JsonValueKind.String && name is not null)
        {
            return FromTexts(row, name, chosen.GetString()!, rejected.GetString()!);
        }

        if (IsMessage(chosen) && IsMessage(rejected) && RowFields.Get(row, "prompt") is { ValueKind: JsonValueKind.Array } prompt)
        {
            var single = new JsonObject { ["prompt"] = RowFields.Node(prompt), ["chosen"] = new JsonArray(RowFields.Node(chosen)), ["rejected"] = new JsonArray(RowFields.Node(rejected)) };
            return RowFields.Carry(row, single);
        }

        return name is not null && chosen.ValueKind == JsonValueKind.Array && rejected.ValueKind == JsonValueKind.Array
            ? FromConversations(row, name, chosen, rejected)
            : null;
    }

    private static JsonObject? FromTexts(JsonElement row, string name, string chosen, string rejected)
    {
        if (name == "prompt" && RowFields.Text(row, "system") is null or "")
        {
            return null; // TRL's own text form, trained without a template
        }

        var prompt = Alpaca.History(row);
        var input = name == "instruction" ? RowFields.Text(row, "input") : null;
        prompt.Add((JsonNode)RowFields.Message("user", Alpaca.Question(RowFields.RequiredText(row, name), input)));
        var result = new JsonObject
        {
            ["prompt"] = prompt,
            ["chosen"] = new JsonArray(RowFields.Message("assistant", chosen)),
            ["rejected"] = new JsonArray(RowFields.Message("assistant", rejected)),
        };
        return RowFields.Carry(row, result, name, name == "instruction" ? "input" : "", "system", "history");
    }

    /// <summary>The prompt as text, the answers as conversations that repeat it or not.</summary>
    private static JsonObject FromConversations(JsonElement row, string name, JsonElement chosen, JsonElement rejected)
    {
        var prompt = RowFields.RequiredText(row, name);
        var repeated = StartsWith(chosen, prompt) && StartsWith(rejected, prompt);
        var result = new JsonObject
        {
            ["prompt"] = new JsonArray(RowFields.Message("user", prompt)),
            ["chosen"] = After(chosen, repeated),
            ["rejected"] = After(rejected, repeated),
        };
        return RowFields.Carry(row, result, name);
    }

    private static bool StartsWith(JsonElement messages, string prompt) =>
        messages.GetArrayLength() > 1 && IsMessage(messages[0]) && RowFields.Get(messages[0], "content") is { ValueKind: JsonValueKind.String } content
        && content.GetString() == prompt;

    private static JsonArray After(JsonElement messages, bool repeated) =>
        [.. messages.EnumerateArray().Skip(repeated ? 1 : 0).Select(RowFields.Node)];

    private static bool IsMessage(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("role", out _);
}
