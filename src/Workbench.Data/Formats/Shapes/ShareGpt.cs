using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>
/// ShareGPT's <c>conversations</c> of <c>from</c> and <c>value</c>, with the tags that LLaMA-Factory, Axolotl and Glaive's conversion use
/// (function_call, observation), and the same list with role and content.
/// </summary>
internal static class ShareGpt
{
    public static bool Matches(JsonElement row) => Turns(row) is not null;

    public static JsonObject Convert(JsonElement row)
    {
        var result = new JsonObject { ["messages"] = Messages(row) };
        OpenAiMessages.AddTools(row, result);
        return RowFields.Carry(row, result, Column(row), "tools", "system");
    }

    public static JsonObject ConvertKto(JsonElement row) => Kto.Convert(row, Messages(row), Column(row));

    public static JsonObject ConvertPreference(JsonElement row)
    {
        var result = new JsonObject
        {
            ["prompt"] = Messages(row),
            ["chosen"] = Answer(row, "chosen"),
            ["rejected"] = Answer(row, "rejected"),
        };
        OpenAiMessages.AddTools(row, result);
        return RowFields.Carry(row, result, Column(row), "tools", "system");
    }

    private static string Column(JsonElement row) => row.TryGetProperty("conversations", out _) ? "conversations" : "conversation";

    private static JsonElement? Turns(JsonElement row) =>
        (row.TryGetProperty("conversations", out var turns) || row.TryGetProperty("conversation", out turns)) && turns.ValueKind == JsonValueKind.Array
            ? turns : null;

    private static JsonArray Messages(JsonElement row)
    {
        var messages = new JsonArray();
        if (RowFields.Text(row, "system") is { Length: > 0 } system)
        {
            messages.Add((JsonNode)RowFields.Message("system", system));
        }

        var index = 0;
        foreach (var turn in Turns(row)!.Value.EnumerateArray())
        {
            messages.Add((JsonNode)Message(turn, $"{Column(row)}[{index++}]"));
        }

        return messages.Count > 0 ? messages : throw new RowFormatException($"{Column(row)} is empty");
    }

    private static JsonArray Answer(JsonElement row, string name)
    {
        var answer = row.GetProperty(name);
        return answer.ValueKind switch
        {
            JsonValueKind.String => [RowFields.Message("assistant", answer.GetString())],
            JsonValueKind.Array => [.. answer.EnumerateArray().Select((turn, i) => Message(turn, $"{name}[{i}]"))],
            _ => [Message(answer, name)],
        };
    }

    private static JsonObject Message(JsonElement turn, string place)
    {
        if (turn.ValueKind != JsonValueKind.Object)
        {
            throw new RowFormatException($"{place} must be an object with from and value");
        }

        if (turn.TryGetProperty("role", out _) && turn.TryGetProperty("content", out _))
        {
            return JsonObject.Create(turn)!;
        }

        var from = RowFields.RequiredText(turn, "from", place + ".");
        var value = RowFields.RequiredText(turn, "value", place + ".");
        var message = from.ToLowerInvariant() switch
        {
            "human" or "user" => RowFields.Message("user", value),
            "gpt" or "assistant" or "chatgpt" or "bing" or "bard" or "model" => RowFields.Message("assistant", value),
            "system" => RowFields.Message("system", value),
            "function_call" or "tool_call" => ToolDefinitions.CallingMessage(null, ToolDefinitions.Parse(value, place + ".value"), place + ".value"),
            "observation" or "tool" or "function_response" or "tool_response" => RowFields.Message("tool", value),
            _ => throw new RowFormatException($"{place}.from is \"{from}\"; known are human, gpt, system, function_call, observation, tool"),
        };
        return RowFields.Carry(turn, message, "from", "value");
    }
}
