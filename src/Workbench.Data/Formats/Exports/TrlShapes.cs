using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Data.Formats.Exports;

/// <summary>From one of TRL's dataset types to another, as its <c>data_utils</c> convert them; columns that no type knows are carried over.</summary>
internal static class TrlShapes
{
    /// <summary>One conversation. Of a preference, the prompt with the chosen answer.</summary>
    public static JsonObject Messages(Row row) => row.Shape switch
    {
        RowShape.Messages => JsonObject.Create(row.Json)!,
        RowShape.PromptCompletion => Joined(row, "completion"),
        RowShape.Preference => Joined(row, "chosen"),
        _ => throw Impossible(row, "a conversation"),
    };

    /// <summary>The last message of the assistant is the completion, what comes before it the prompt.</summary>
    public static JsonObject PromptCompletion(Row row)
    {
        if (row.Shape == RowShape.PromptCompletion)
        {
            return JsonObject.Create(row.Json)!;
        }

        var whole = Messages(row);
        var messages = whole["messages"]!.AsArray();
        if (messages.Count < 2 || messages[^1]!["role"]?.ToString() != "assistant")
        {
            throw new RowFormatException("the conversation does not end with an answer of the assistant after at least one other message");
        }

        var answer = messages[^1]!;
        messages.RemoveAt(messages.Count - 1);
        whole.Remove("messages");
        var result = new JsonObject { ["prompt"] = messages, ["completion"] = new JsonArray(answer) };
        return Carry(whole, result);
    }

    /// <summary>Of a preference, the chosen answer with label true and the rejected with false.</summary>
    public static IEnumerable<JsonObject> Unpaired(Row row)
    {
        if (row.Shape == RowShape.PromptCompletion)
        {
            return row.Json.TryGetProperty("label", out _) ? [JsonObject.Create(row.Json)!]
                : throw new RowFormatException("the row has no label that says whether its completion is good");
        }

        if (row.Shape != RowShape.Preference || !row.Json.TryGetProperty("prompt", out _))
        {
            throw Impossible(row, "labelled answers; a preference with its prompt can");
        }

        return new[] { ("chosen", true), ("rejected", false) }.Select(answer => RowFields.Carry(
            row.Json,
            new JsonObject
            {
                ["prompt"] = RowFields.Node(row.Json.GetProperty("prompt")),
                ["completion"] = RowFields.Node(row.Json.GetProperty(answer.Item1)),
                ["label"] = answer.Item2,
            },
            "chosen", "rejected"));
    }

    /// <summary>A text that <paramref name="role"/> says, or the messages that it already is.</summary>
    public static IEnumerable<JsonNode?> Turns(JsonElement value, string role) => value.ValueKind switch
    {
        JsonValueKind.String => [RowFields.Message(role, value.GetString())],
        JsonValueKind.Array => value.EnumerateArray().Select(message => RowFields.Node(message)),
        _ => throw new RowFormatException("rows of token ids hold no messages"),
    };

    /// <summary>The failure of a row that the wanted form cannot hold.</summary>
    public static RowFormatException Impossible(Row row, string wanted) => new($"a row of shape {row.Shape} cannot become {wanted}");

    /// <summary>Moves the other columns over.</summary>
    public static JsonObject Carry(JsonObject from, JsonObject to)
    {
        foreach (var (name, value) in from.ToArray())
        {
            if (!to.ContainsKey(name))
            {
                from.Remove(name);
                to[name] = value;
            }
        }

        return to;
    }

    private static JsonObject Joined(Row row, string answer)
    {
        var messages = new JsonArray();
        if (row.Json.TryGetProperty("prompt", out var prompt))
        {
            foreach (var message in Turns(prompt, "user"))
            {
                messages.Add(message);
            }
        }

        foreach (var message in Turns(row.Json.GetProperty(answer), "assistant"))
        {
            messages.Add(message);
        }

        return RowFields.Carry(row.Json, new JsonObject { ["messages"] = messages }, "prompt", "completion", "chosen", "rejected");
    }
}
