using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>Tools and calls of them, in the form that transformers' chat templates read: OpenAI's, with arguments as an object.</summary>
internal static class ToolDefinitions
{
    /// <summary>A list of tools; null for none. Text is read as JSON, bare functions are wrapped.</summary>
    public static JsonArray? Normalize(JsonElement tools, string place)
    {
        var value = tools;
        if (tools.ValueKind == JsonValueKind.String)
        {
            if (string.IsNullOrWhiteSpace(tools.GetString()))
            {
                return null;
            }

            value = Parse(tools.GetString()!, place);
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return [Wrap(value, place)];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new RowFormatException($"{place} must be a list of tools");
        }

        var list = new JsonArray();
        foreach (var tool in value.EnumerateArray())
        {
            list.Add((JsonNode)Wrap(tool, $"{place}[{list.Count}]"));
        }

        return list.Count == 0 ? null : list;
    }

    /// <summary>The message of an assistant that calls: <paramref name="calls"/> is an object of name and arguments, or a list of such, often as text.</summary>
    public static JsonObject CallingMessage(string? content, JsonElement calls, string place)
    {
        var list = new JsonArray();
        foreach (var call in calls.ValueKind == JsonValueKind.Array ? calls.EnumerateArray().ToArray() : [calls])
        {
            list.Add((JsonNode)Call(call, $"{place}[{list.Count}]"));
        }

        return new JsonObject { ["role"] = "assistant", ["content"] = content ?? "", ["tool_calls"] = list };
    }

    /// <summary>JSON that lies in a text.</summary>
    public static JsonElement Parse(string text, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = RowParser.MaxDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new RowFormatException($"{place} is a text that should hold JSON: {JsonErrors.Describe(exception)}");
        }
    }

    /// <summary>One call as <c>{"type":"function","id"?,"function":{"name","arguments":{…}}}</c>.</summary>
    public static JsonObject Call(JsonElement call, string place)
    {
        if (call.ValueKind != JsonValueKind.Object)
        {
            throw new RowFormatException($"{place} must be an object with name and arguments");
        }

        var function = call.TryGetProperty("function", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : call;
        var name = RowFields.RequiredText(function, "name", place + ".");
        var result = new JsonObject();
        if (function.Equals(inner))
        {
            RowFields.Carry(call, result, "function", "type");
        }

        result["type"] = "function";
        result["function"] = RowFields.Carry(function, new JsonObject { ["name"] = name, ["arguments"] = Arguments(function) }, "arguments", "parameters");
        return result;
    }

    private static JsonNode? Arguments(JsonElement function)
    {
        var given = RowFields.Get(function, "arguments") ?? RowFields.Get(function, "parameters");
        if (given is not { } arguments)
        {
            return new JsonObject();
        }

        // A text that is no JSON object is kept: a model said it, and a template may still write it.
        if (arguments.ValueKind == JsonValueKind.String)
        {
            var text = arguments.GetString()!;
            try
            {
                return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text) as JsonObject ?? (JsonNode)text;
            }
            catch (JsonException)
            {
                return text;
            }
        }

        return RowFields.Node(arguments);
    }

    private static JsonObject Wrap(JsonElement tool, string place)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            throw new RowFormatException($"{place} must be an object that describes a function");
        }

        return tool.TryGetProperty("function", out _) || !tool.TryGetProperty("name", out _)
            ? JsonObject.Create(tool)!
            : new JsonObject { ["type"] = "function", ["function"] = JsonObject.Create(tool) };
    }
}
