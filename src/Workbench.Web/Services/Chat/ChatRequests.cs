using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Web.Services.Chat;

/// <summary>Conversations as JSON, checked before a model is asked.</summary>
internal static class ChatRequests
{
    /// <summary>An object with messages and, where there are any, tools: what a chat template is rendered with.</summary>
    /// <exception cref="UserInputException">One of the two is no JSON list, or there is no message.</exception>
    public static JsonElement Read(string messages, string? tools)
    {
        var request = new JsonObject
        {
            ["messages"] = List(messages, "messages", "[{\"role\":\"user\",\"content\":\"…\"}]") is { Count: > 0 } list ? list
                : throw new UserInputException("There is no message.", "Give [{\"role\":\"user\",\"content\":\"…\"}].", "messages"),
        };
        if (!string.IsNullOrWhiteSpace(tools))
        {
            request["tools"] = List(tools, "tools", "[{\"type\":\"function\",\"function\":{\"name\":\"…\"}}]");
        }

        return JsonSerializer.SerializeToElement(request);
    }

    /// <summary>The texts of a conversation, a line each: what a model without a template is given to continue.</summary>
    /// <exception cref="UserInputException">A message has no text.</exception>
    public static string PlainText(JsonElement request) =>
        string.Join('\n', request.GetProperty("messages").EnumerateArray().Select(TextOf).Where(text => text.Length > 0));

    private static string TextOf(JsonElement message) =>
        message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content) ? throw NoText()
        : content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Null => "",
            JsonValueKind.Array when content.EnumerateArray().All(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String) =>
                string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString())),
            _ => throw NoText(),
        };

    private static UserInputException NoText() => new("A message has no text.", "Without a template, only text can be sent.", "messages");

    private static JsonArray List(string json, string what, string example)
    {
        try
        {
            return JsonNode.Parse(json) as JsonArray ?? throw new UserInputException($"The {what} are not a JSON list.", $"Give {example}.", what);
        }
        catch (JsonException exception)
        {
            throw new UserInputException($"The {what} are not valid JSON.", "Correct them at the place named.", $"{what}, line {exception.LineNumber + 1}", exception);
        }
    }
}
