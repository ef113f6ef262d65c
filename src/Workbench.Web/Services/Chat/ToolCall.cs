using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Web.Services.Chat;

/// <summary>A function that a model wants called.</summary>
/// <param name="Arguments">A JSON object.</param>
public sealed record ToolCall(string Id, string Name, JsonObject Arguments)
{
    /// <summary>The call as a message holds it (transformers' form: arguments are an object).</summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = Name, ["arguments"] = Arguments.DeepClone() },
    };
}

/// <summary>What an answer says, and which functions it wants called.</summary>
/// <param name="Text">The answer without the calls.</param>
public sealed record ToolAnswer(string Text, IReadOnlyList<ToolCall> Calls);

/// <summary>
/// Finds tool calls in an answer, in the forms that models are trained to write: <c>&lt;tool_call&gt;{…}&lt;/tool_call&gt;</c> (Hermes, Qwen),
/// <c>[TOOL_CALLS] [{…}]</c> (Mistral), <c>&lt;|python_tag|&gt;{…}</c> or a bare object with name and parameters (Llama 3).
/// </summary>
public static partial class ToolCalls
{
    private const int MostCalls = 64;

    /// <summary>The calls in an answer; none where what looks like one is no valid JSON, so that a text is never swallowed.</summary>
    public static ToolAnswer Read(string answer)
    {
        var tagged = Tagged().Matches(answer);
        if (tagged.Count > 0)
        {
            var calls = tagged.SelectMany(match => CallsOf(match.Groups["json"].Value)).ToList();
            return calls.Count == 0 ? new ToolAnswer(answer, []) : Number(Tagged().Replace(answer, "").Trim(), calls);
        }

        var bare = Marker().Replace(answer.Trim(), "");
        return bare.Length > 0 && bare[0] is '{' or '[' ? Number("", CallsOf(bare)) is { Calls.Count: > 0 } found ? found : new ToolAnswer(answer, []) : new ToolAnswer(answer, []);
    }

    private static ToolAnswer Number(string text, IReadOnlyList<(string? Id, string Name, JsonObject Arguments)> calls) =>
        new(text, [.. calls.Take(MostCalls).Select((call, index) => new ToolCall(call.Id ?? Id(index + 1), call.Name, call.Arguments))]);

    /// <summary>Nine letters and digits: Mistral's templates take no other ids.</summary>
    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"call{number:D5}");

    private static List<(string? Id, string Name, JsonObject Arguments)> CallsOf(string json)
    {
        try
        {
            var node = JsonNode.Parse(json);
            var calls = node is JsonArray list ? list.Select(CallOf).ToList() : [CallOf(node)];
            return calls.TrueForAll(call => call is not null) ? calls.ConvertAll(call => call!.Value) : [];
        }
        catch (JsonException)
        {
            return []; // an answer that only looks like a call is text
        }
        catch (ArgumentException)
        {
            return []; // a key twice
        }
    }

    private static (string? Id, string Name, JsonObject Arguments)? CallOf(JsonNode? node)
    {
        if (node is not JsonObject call || call["name"] is not JsonValue name || name.GetValueKind() != JsonValueKind.String)
        {
            return null;
        }

        var arguments = call["arguments"] ?? call["parameters"];
        return arguments switch
        {
            JsonObject given => (Text(call["id"]), name.GetValue<string>(), given),
            JsonValue text when text.GetValueKind() == JsonValueKind.String && Object(text.GetValue<string>()) is { } given => (Text(call["id"]), name.GetValue<string>(), given),
            _ => null,
        };
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static JsonObject? Object(string json) => JsonNode.Parse(json) as JsonObject;

    [GeneratedRegex(@"<tool_call>\s*(?<json>.*?)\s*</tool_call>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Tagged();

    [GeneratedRegex(@"^(\[TOOL_CALLS\]|<\|python_tag\|>)\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Marker();
}
