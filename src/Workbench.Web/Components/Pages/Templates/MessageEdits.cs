using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>
/// What cards change, as changes of the JSON text: the text is the one truth, and fields that no card knows stay as they are.
/// </summary>
public static class MessageEdits
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string SetRole(string json, int index, string role) => Edit(json, index, message => message["role"] = role);

    public static string SetText(string json, int index, string text) => Edit(json, index, message => message["content"] = text);

    /// <summary>An empty reasoning takes the field away: templates ask whether it is there.</summary>
    public static string SetReasoning(string json, int index, string text) => Edit(json, index, message => SetOrRemove(message, ReasoningField(message), text));

    /// <summary>Sets <c>name</c> or <c>tool_call_id</c>; an empty text takes it away.</summary>
    public static string SetField(string json, int index, string field, string text) => Edit(json, index, message => SetOrRemove(message, field, text));

    public static string SetPart(string json, int index, int part, string text) => Edit(json, index, message =>
    {
        var parts = (JsonArray)message["content"]!;
        if (parts[part] is JsonObject item)
        {
            item["text"] = text;
        }
        else
        {
            parts[part] = text;
        }
    });

    /// <summary>Says where a part's picture, video or sound lies; an empty text takes it away.</summary>
    public static string SetPartUrl(string json, int index, int part, string url) => Edit(json, index, message =>
    {
        if (((JsonArray)message["content"]!)[part] is JsonObject item)
        {
            SetOrRemove(UrlHolder(item), "url", url);
        }
    });

    /// <summary>Adds a part; a content that is a text becomes the first part.</summary>
    public static string AddPart(string json, int index, string type) => Edit(json, index, message =>
    {
        if (message["content"] is not JsonArray parts)
        {
            var text = message["content"]?.GetValueKind() == JsonValueKind.String ? message["content"]!.GetValue<string>() : "";
            parts = text.Length > 0 ? [Part("text", text)] : [];
            message["content"] = parts;
        }

        parts.Add(Part(type, ""));
    });

    /// <summary>Takes a part away; a single text part that is left becomes a plain content again.</summary>
    public static string RemovePart(string json, int index, int part) => Edit(json, index, message =>
    {
        var parts = (JsonArray)message["content"]!;
        parts.RemoveAt(part);
        if (parts.Count == 0)
        {
            message["content"] = "";
        }
        else if (parts is [JsonObject only] && only["type"]?.ToString() == "text" && only["text"] is { } text)
        {
            message["content"] = text.DeepClone();
        }
    });

    public static string AddToolCall(string json, int index) => Edit(json, index, message =>
    {
        if (message["tool_calls"] is not JsonArray calls)
        {
            message["tool_calls"] = calls = [];
        }

        calls.Add(new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "", ["arguments"] = new JsonObject() } });
    });

    public static string RemoveToolCall(string json, int index, int call) => Edit(json, index, message =>
    {
        var calls = (JsonArray)message["tool_calls"]!;
        calls.RemoveAt(call);
        if (calls.Count == 0)
        {
            message.Remove("tool_calls");
        }
    });

    public static string SetToolName(string json, int index, int call, string name) =>
        Edit(json, index, message => Function(message["tool_calls"]![call])!["name"] = name);

    /// <summary>Sets a call's arguments.</summary>
    /// <exception cref="JsonException">They are not JSON.</exception>
    public static string SetToolArguments(string json, int index, int call, string arguments)
    {
        var value = JsonNode.Parse(arguments, null, MessageCards.Reading);
        return Edit(json, index, message => Function(message["tool_calls"]![call])!["arguments"] = value);
    }

    /// <summary>Inserts an empty message in front of <paramref name="index"/>.</summary>
    public static string Insert(string json, int index, string role) =>
        Edit(json, messages => messages.Insert(index, new JsonObject { ["role"] = role, ["content"] = "" }));

    public static string Remove(string json, int index) => Edit(json, messages => messages.RemoveAt(index));

    /// <summary>Moves a message up (-1) or down (+1); at the ends nothing moves.</summary>
    public static string Move(string json, int index, int by) => Edit(json, messages =>
    {
        var target = index + by;
        if (target >= 0 && target < messages.Count)
        {
            var message = messages[index];
            messages.RemoveAt(index);
            messages.Insert(target, message);
        }
    });

    /// <summary>JSON as people read it: no escapes that are not needed.</summary>
    public static string Write(JsonNode node, bool indented = true) => node.ToJsonString(indented ? Indented : OneLine);

    /// <summary>Qwen and DeepSeek call it reasoning_content, gpt-oss thinking: a message keeps its own.</summary>
    internal static string ReasoningField(JsonObject message) => message.ContainsKey("thinking") ? "thinking" : "reasoning_content";

    /// <summary>The function of a call, in OpenAI's form or bare.</summary>
    internal static JsonObject? Function(JsonNode? call) => call is JsonObject item ? item["function"] as JsonObject ?? item : null;

    /// <summary>OpenAI keeps the address in an object of the part's own name (<c>image_url</c>), transformers in the part.</summary>
    internal static JsonObject UrlHolder(JsonObject part) =>
        part["type"] is JsonValue type && type.TryGetValue<string>(out var name) && part[name] is JsonObject own ? own : part;

    private static void SetOrRemove(JsonObject message, string field, string text)
    {
        if (text.Length == 0)
        {
            message.Remove(field);
        }
        else
        {
            message[field] = text;
        }
    }

    private static JsonObject Part(string type, string text) =>
        type == "text" ? new JsonObject { ["type"] = type, ["text"] = text } : new JsonObject { ["type"] = type };

    private static string Edit(string json, int index, Action<JsonObject> change) => Edit(json, messages => change((JsonObject)messages[index]!));

    private static string Edit(string json, Action<JsonArray> change)
    {
        var messages = (JsonArray)JsonNode.Parse(json, null, MessageCards.Reading)!;
        change(messages);
        return Write(messages);
    }
}
