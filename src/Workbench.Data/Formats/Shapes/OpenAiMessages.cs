using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>
/// Messages as OpenAI's fine-tuning files have them: arguments of calls as text, and the older <c>functions</c> and
/// <c>function_call</c>. transformers' templates read arguments as an object.
/// </summary>
internal static class OpenAiMessages
{
    /// <summary>The row with its messages normalised; null when there is nothing to change.</summary>
    public static JsonObject? ConvertRow(JsonElement row)
    {
        var messages = row.GetProperty("messages");
        var oldTools = RowFields.Get(row, "functions") is not null;
        var textTools = row.TryGetProperty("tools", out var tools) && tools.ValueKind is JsonValueKind.String or JsonValueKind.Null;
        if (!oldTools && !textTools && (messages.ValueKind != JsonValueKind.Array || !messages.EnumerateArray().Any(NeedsWork)))
        {
            return null;
        }

        var result = new JsonObject { ["messages"] = messages.ValueKind == JsonValueKind.Array ? Normalize(row, "messages") : RowFields.Node(messages) };
        AddTools(row, result);
        return RowFields.Carry(row, result, "tools", "functions");
    }

    /// <summary>The messages under <paramref name="name"/>, normalised.</summary>
    public static JsonArray Normalize(JsonElement row, string name)
    {
        var messages = row.GetProperty(name);
        if (messages.ValueKind != JsonValueKind.Array)
        {
            throw new RowFormatException($"{name} must be a list of messages");
        }

        var list = new JsonArray();
        foreach (var message in messages.EnumerateArray())
        {
            list.Add((JsonNode?)Message(message, $"{name}[{list.Count}]"));
        }

        return list;
    }

    /// <summary>Adds the row's tools, if it has any, in today's form.</summary>
    public static void AddTools(JsonElement row, JsonObject target)
    {
        foreach (var name in new[] { "tools", "functions" })
        {
            if (RowFields.Get(row, name) is { } tools && ToolDefinitions.Normalize(tools, name) is { } list)
            {
                target["tools"] = list;
                return;
            }
        }
    }

    private static bool NeedsWork(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && (message.TryGetProperty("function_call", out _)
            || (message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && role.ValueEquals("function"))
            || (message.TryGetProperty("tool_calls", out var calls) && (calls.ValueKind == JsonValueKind.Null
                || (calls.ValueKind == JsonValueKind.Array && calls.EnumerateArray().Any(HasTextArguments)))));

    private static bool HasTextArguments(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String;

    private static JsonNode? Message(JsonElement message, string place)
    {
        if (!NeedsWork(message))
        {
            return RowFields.Node(message);
        }

        var role = RowFields.Text(message, "role");
        var result = new JsonObject { ["role"] = role == "function" ? "tool" : role };
        if (message.TryGetProperty("content", out var content))
        {
            result["content"] = RowFields.Node(content);
        }

        if (RowFields.Get(message, "tool_calls") is { ValueKind: JsonValueKind.Array } calls)
        {
            result["tool_calls"] = new JsonArray([.. calls.EnumerateArray().Select((call, i) => ToolDefinitions.Call(call, $"{place}.tool_calls[{i}]"))]);
        }
        else if (RowFields.Get(message, "function_call") is { } call)
        {
            result["tool_calls"] = new JsonArray(ToolDefinitions.Call(call, $"{place}.function_call"));
        }

        return RowFields.Carry(message, result, "function_call", "tool_calls");
    }
}
