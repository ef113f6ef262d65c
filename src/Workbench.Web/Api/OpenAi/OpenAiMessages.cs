using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Web.Services;

namespace Workbench.Web.Api.OpenAi;

/// <summary>
/// Messages in OpenAI's form as chat templates expect them: arguments of calls as objects rather than as JSON in a text, parts of text
/// joined. vLLM's server does the same.
/// </summary>
internal static class OpenAiMessages
{
    /// <exception cref="UserInputException">A message is no object, or holds something other than text.</exception>
    public static JsonArray ForTemplate(JsonElement messages) => new([.. messages.EnumerateArray().Select(Checked)]);

    private static JsonObject Checked(JsonElement given, int index)
    {
        try
        {
            return Message(given, index);
        }
        catch (ArgumentException exception)
        {
            throw new UserInputException($"messages[{index}] has a key twice.", "Give each key once.", $"messages[{index}]", exception);
        }
    }

    private static JsonObject Message(JsonElement given, int index)
    {
        if (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String)
        {
            throw new UserInputException($"messages[{index}] must be an object with a role.", "Give {\"role\":\"user\",\"content\":\"…\"}.", $"messages[{index}]");
        }

        var message = JsonObject.Create(given)!.DeepClone().AsObject();
        message["role"] = role.GetString() == "developer" ? "system" : role.GetString();
        message["content"] = Content(given, index);
        if (message["tool_calls"] is JsonArray calls)
        {
            foreach (var function in calls.OfType<JsonObject>().Select(call => call["function"]).OfType<JsonObject>())
            {
                function["arguments"] = Arguments(function["arguments"]);
            }
        }

        return message;
    }

    private static JsonNode? Content(JsonElement message, int index)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString(),
            JsonValueKind.Array when content.EnumerateArray().All(IsText) => string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString())),
            _ => throw new UserInputException($"messages[{index}].content must be text.", "The models here read nothing else.", $"messages[{index}].content"),
        };
    }

    private static bool IsText(JsonElement part) => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String;

    /// <summary>A text that is no JSON object stays as it is, for templates that write it out.</summary>
    private static JsonNode? Arguments(JsonNode? given)
    {
        if (given is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return given?.DeepClone();
        }

        try
        {
            return JsonNode.Parse(value.GetValue<string>()) as JsonObject ?? value.DeepClone();
        }
        catch (JsonException)
        {
            return value.DeepClone();
        }
    }
}
