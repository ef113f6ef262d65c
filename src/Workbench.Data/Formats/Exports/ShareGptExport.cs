using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Data.Formats.Exports;

/// <summary>
/// ShareGPT as LLaMA-Factory and Axolotl read it: <c>conversations</c> of <c>from</c> (human, gpt, function_call, observation) and
/// <c>value</c>, <c>system</c> and <c>tools</c> (JSON as text) beside; of a preference <c>chosen</c> and <c>rejected</c>, one turn each.
/// </summary>
internal static class ShareGptExport
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Convert(Row row)
    {
        var result = new JsonObject();
        var turns = row.Shape == RowShape.Preference || row.Json.TryGetProperty("label", out _)
            ? Judged(row, result)
            : TrlShapes.Messages(row)["messages"]!.AsArray();
        if (turns.Count > 0 && turns[0]?["role"]?.ToString() == "system")
        {
            result["system"] = Text(turns[0]!);
            turns.RemoveAt(0);
        }

        result.Insert(0, "conversations", new JsonArray([.. turns.SelectMany(turn => Turns(turn!))]));
        if (row.Json.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array)
        {
            result["tools"] = RowFields.Node(tools)!.ToJsonString(Plain);
        }

        return RowFields.Carry(row.Json, result, "messages", "prompt", "completion", "chosen", "rejected");
    }

    private static JsonArray Judged(Row row, JsonObject result)
    {
        if (!row.Json.TryGetProperty("prompt", out var prompt) || row.Shape == RowShape.Messages)
        {
            throw new RowFormatException("a judged row needs its prompt in a column of its own");
        }

        var turns = new JsonArray([.. TrlShapes.Turns(prompt, "user")]);
        if (row.Shape == RowShape.Preference)
        {
            foreach (var name in new[] { "chosen", "rejected" })
            {
                var answer = TrlShapes.Turns(row.Json.GetProperty(name), "assistant").SelectMany(turn => Turns(turn!)).ToArray();
                result[name] = answer.Length == 1 ? answer[0] : throw new RowFormatException($"{name} has {answer.Length} turns; ShareGPT holds one");
            }
        }
        else
        {
            foreach (var turn in TrlShapes.Turns(row.Json.GetProperty("completion"), "assistant"))
            {
                turns.Add(turn);
            }
        }

        return turns;
    }

    private static IEnumerable<JsonObject> Turns(JsonNode message)
    {
        var role = message["role"]!.ToString();
        if (message["reasoning_content"] is not null || message["thinking"] is not null)
        {
            throw new RowFormatException("ShareGPT has no place for reasoning_content; write it into content first");
        }

        if (message["tool_calls"] is JsonArray { Count: > 0 } calls)
        {
            if (Text(message).Length > 0)
            {
                throw new RowFormatException("a message has content and tool_calls; ShareGPT holds one of them a turn");
            }

            var bare = new JsonArray([.. calls.Select(Bare)]);
            yield return Turn("function_call", (bare.Count == 1 ? bare[0]! : bare).ToJsonString(Plain));
            yield break;
        }

        yield return Turn(
            role switch
            {
                "user" => "human",
                "assistant" => "gpt",
                "tool" => "observation",
                "system" => "system",
                _ => throw new RowFormatException($"ShareGPT has no role \"{role}\""),
            },
            Text(message));
    }

    private static JsonNode Bare(JsonNode? call)
    {
        var function = call!["function"] ?? call;
        return new JsonObject { ["name"] = function["name"]?.DeepClone(), ["arguments"] = function["arguments"]?.DeepClone() };
    }

    private static JsonObject Turn(string from, string value) => new() { ["from"] = from, ["value"] = value };

    /// <summary>A message's text; parts other than text have no place in this form.</summary>
    internal static string Text(JsonNode message) => message["content"] switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonArray parts when parts.All(part => part?["text"] is not null) => string.Concat(parts.Select(part => part!["text"]!.ToString())),
        _ => throw new RowFormatException("a message holds parts other than text"),
    };
}
