using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>
/// LLaMA-Factory's v1 rows: messages whose content is a list of <c>{"type","value"}</c> (text, reasoning, tool_call …) and whose
/// <c>loss_weight</c> says how much they count; pairs as <c>chosen_messages</c> and <c>rejected_messages</c>.
/// </summary>
internal static class LlamaFactoryV1
{
    public static bool Matches(JsonElement row) =>
        SourceShapes.Has(row, "chosen_messages", "rejected_messages")
        || (row.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array && messages.EnumerateArray().Any(IsTyped));

    public static JsonObject Convert(JsonElement row)
    {
        var result = row.TryGetProperty("messages", out var messages)
            ? new JsonObject { ["messages"] = Messages(messages, "messages") }
            : new JsonObject
            {
                ["chosen"] = Messages(row.GetProperty("chosen_messages"), "chosen_messages"),
                ["rejected"] = Messages(row.GetProperty("rejected_messages"), "rejected_messages"),
            };
        OpenAiMessages.AddTools(row, result);
        return RowFields.Carry(row, result, "tools", "chosen_messages", "rejected_messages");
    }

    private static bool IsTyped(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && (message.TryGetProperty("loss_weight", out _)
            || (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
                && content.EnumerateArray().Any(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("value", out _))));

    private static JsonArray Messages(JsonElement messages, string place)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            throw new RowFormatException($"{place} must be a list of messages");
        }

        return [.. messages.EnumerateArray().Select((message, i) => Message(message, $"{place}[{i}]"))];
    }

    private static JsonObject Message(JsonElement message, string place)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new RowFormatException($"{place} must be an object with role and content");
        }

        var result = new JsonObject { ["role"] = RowFields.RequiredText(message, "role", place + ".") };
        if (RowFields.Get(message, "content") is { ValueKind: JsonValueKind.Array } parts)
        {
            AddParts(result, parts, place + ".content");
        }
        else
        {
            result["content"] = RowFields.Text(message, "content");
        }

        if (RowFields.Get(message, "loss_weight") is { } weight)
        {
            result["weight"] = weight.ValueKind == JsonValueKind.Number && weight.GetDouble() is >= 0 and < double.PositiveInfinity
                ? RowFields.Node(weight)
                : throw new RowFormatException(string.Create(CultureInfo.InvariantCulture, $"{place}.loss_weight must be a number of at least 0"));
        }

        return RowFields.Carry(message, result, "loss_weight");
    }

    private static void AddParts(JsonObject message, JsonElement parts, string place)
    {
        string? text = null, reasoning = null;
        var calls = new JsonArray();
        var index = 0;
        foreach (var part in parts.EnumerateArray())
        {
            var here = $"{place}[{index++}]";
            if (part.ValueKind != JsonValueKind.Object)
            {
                throw new RowFormatException($"{here} must be an object with type and value");
            }

            var type = RowFields.RequiredText(part, "type", here + ".");
            var value = RowFields.Text(part, "value") ?? RowFields.RequiredText(part, type, here + ".");
            switch (type)
            {
                case "text":
                    text += value;
                    break;
                case "reasoning" or "thought":
                    reasoning += value;
                    break;
                case "tool_call" or "tool_calls":
                    var parsed = ToolDefinitions.Parse(value, here + ".value");
                    foreach (var call in parsed.ValueKind == JsonValueKind.Array ? parsed.EnumerateArray().ToArray() : [parsed])
                    {
                        calls.Add((JsonNode)ToolDefinitions.Call(call, here + ".value"));
                    }

                    break;
                default:
                    throw new RowFormatException($"{here}.type is \"{type}\"; text, reasoning and tool_call can be trained");
            }
        }

        message["content"] = text ?? "";
        if (reasoning is not null)
        {
            message["reasoning_content"] = reasoning;
        }

        if (calls.Count > 0)
        {
            message["tool_calls"] = calls;
        }
    }
}
