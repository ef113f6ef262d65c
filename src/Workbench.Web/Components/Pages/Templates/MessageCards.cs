using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>A message as its card shows it.</summary>
/// <param name="Role">The role.</param>
/// <param name="Text">The content where it is a text; null where it is a list of parts or absent.</param>
/// <param name="Parts">The content where it is a list.</param>
/// <param name="Reasoning">What the assistant thinks.</param>
/// <param name="ToolCalls">Tool calls of the assistant.</param>
/// <param name="ToolName">Name of the tool that a tool message answers for.</param>
/// <param name="ToolCallId">The call that a tool message answers.</param>
public sealed record MessageCard(
    string Role, string? Text, IReadOnlyList<PartCard>? Parts, string? Reasoning, IReadOnlyList<ToolCallCard> ToolCalls, string? ToolName, string? ToolCallId);

/// <summary>A part of a content list.</summary>
/// <param name="Type">text, image, video, audio …</param>
/// <param name="Text">The text of a text part.</param>
/// <param name="Url">Where the picture, video or sound of another part lies, if it says.</param>
public sealed record PartCard(string Type, string? Text, string? Url = null);

/// <summary>A tool call.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its arguments as JSON.</param>
public sealed record ToolCallCard(string Name, string Arguments);

/// <summary>Messages read from JSON for their cards.</summary>
public static class MessageCards
{
    /// <summary>More cards than anybody edits by hand would only make the page slow; the JSON view takes any number.</summary>
    public const int Most = 60;

    internal static readonly JsonDocumentOptions Reading = new() { MaxDepth = 64 };

    /// <summary>The cards of <paramref name="json"/>; null with the reason where it cannot be shown as cards.</summary>
    public static IReadOnlyList<MessageCard>? Read(string json, out string? reason)
    {
        reason = null;
        try
        {
            var cards = (JsonNode.Parse(json, null, Reading) as JsonArray)?.Select(message => Card(message as JsonObject)).ToList();
            if (cards is null || cards.Contains(null))
            {
                reason = "The messages are not a JSON list of objects.";
                return null;
            }

            reason = cards.Count > Most ? $"{cards.Count:N0} messages are too many for cards; {Most} can be shown." : null;
            return reason is null ? cards.ConvertAll(card => card!) : null;
        }
        catch (JsonException exception)
        {
            reason = JsonErrors.Describe(exception);
            return null;
        }
        catch (ArgumentException)
        {
            reason = "An object has the same name twice."; // JsonObject refuses on first use
            return null;
        }
    }

    private static MessageCard? Card(JsonObject? message) => message is null
        ? null
        : new MessageCard(
            TextOf(message["role"]) ?? "",
            message["content"] is JsonArray ? null : TextOf(message["content"]),
            (message["content"] as JsonArray)?.Select(part => part is JsonObject item ? Part(item) : new PartCard("text", TextOf(part))).ToList(),
            TextOf(message[MessageEdits.ReasoningField(message)]),
            (message["tool_calls"] as JsonArray)?.Select(Call).ToList() ?? [],
            TextOf(message["name"]),
            TextOf(message["tool_call_id"]));

    private static PartCard Part(JsonObject item) =>
        new(TextOf(item["type"]) ?? "?", TextOf(item["text"]), TextOf(MessageEdits.UrlHolder(item)["url"]));

    private static ToolCallCard Call(JsonNode? call)
    {
        var function = MessageEdits.Function(call);
        return new ToolCallCard(TextOf(function?["name"]) ?? "", function?["arguments"] is { } arguments ? MessageEdits.Write(arguments, indented: false) : "");
    }

    private static string? TextOf(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => MessageEdits.Write(node, indented: false),
    };
}
