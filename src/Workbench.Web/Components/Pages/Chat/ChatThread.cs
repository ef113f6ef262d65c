using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Web.Services.Chat;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>The conversation of one pane, with its branches.</summary>
public sealed class ChatThread
{
    private readonly ChatNode root = new(null, "", "");

    /// <summary>The messages shown, first to last.</summary>
    public IReadOnlyList<ChatNode> Path => [.. From(root.Next)];

    private ChatNode End => Path is { Count: > 0 } path ? path[^1] : root;

    /// <summary>Adds what the user says.</summary>
    public ChatNode Ask(string text) => new(End, "user", text);

    /// <summary>Adds what a called function gave.</summary>
    public ChatNode AnswerCall(ToolCall call, string result) => new(End, "tool", result) { Call = call };

    /// <summary>Adds answers to the last message: variants of each other, the first being shown.</summary>
    public IReadOnlyList<ChatNode> Answer(int count) => Answers(End, count);

    /// <summary>Adds further variants of an answer.</summary>
    public static IReadOnlyList<ChatNode> Again(ChatNode answer, int count) => Answers(answer.Parent!, count);

    /// <summary>The message with another text, as a variant of it; what followed the old one stays with the old one.</summary>
    public static ChatNode Edit(ChatNode node, string text) => node.Answer is null
        ? new ChatNode(node.Parent, node.Role, text) { Call = node.Call }
        : new ChatNode(node.Parent, node.Role, "") { Answer = new AnswerState(node.Answer, text) };

    /// <summary>The conversation before a message, as JSON for a chat template.</summary>
    /// <param name="node">The message that is not part of it.</param>
    /// <param name="system">The system prompt; empty for none.</param>
    public static string MessagesBefore(ChatNode node, string system)
    {
        var messages = new List<JsonNode>();
        for (var at = node.Parent; at is { Parent: not null }; at = at.Parent)
        {
            messages.Add(ToJson(at));
        }

        if (!string.IsNullOrWhiteSpace(system))
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = system });
        }

        messages.Reverse();
        return new JsonArray([.. messages]).ToJsonString(Plain);
    }

    /// <summary>A conversation of its own with the messages up to and including <paramref name="node"/>.</summary>
    public static ChatThread CopyTo(ChatNode node)
    {
        var copy = new ChatThread();
        var messages = new List<ChatNode>();
        for (var at = node; at is { Parent: not null }; at = at.Parent)
        {
            messages.Insert(0, at);
        }

        foreach (var message in messages)
        {
            _ = new ChatNode(copy.End, message.Role, message.Text) { Answer = message.Answer?.Copy(), Call = message.Call };
        }

        return copy;
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static List<ChatNode> Answers(ChatNode parent, int count)
    {
        List<ChatNode> answers = [.. Enumerable.Range(0, count).Select(_ => new ChatNode(parent, "assistant", "") { Answer = new AnswerState() })];
        answers[0].Choose(answers[0].Variant);
        return answers;
    }

    private static IEnumerable<ChatNode> From(ChatNode? node)
    {
        for (; node is not null; node = node.Next)
        {
            yield return node;
        }
    }

    private static JsonObject ToJson(ChatNode node)
    {
        if (node.Answer is not { } answer)
        {
            var message = new JsonObject { ["role"] = node.Role, ["content"] = node.Text };
            if (node.Call is { } call)
            {
                (message["name"], message["tool_call_id"]) = (call.Name, call.Id);
            }

            return message;
        }

        var said = answer.Tools;
        var turn = new JsonObject { ["role"] = "assistant", ["content"] = said.Text };
        if (said.Calls.Count > 0)
        {
            turn["tool_calls"] = new JsonArray([.. said.Calls.Select(call => call.ToJson())]);
        }

        return turn;
    }
}
