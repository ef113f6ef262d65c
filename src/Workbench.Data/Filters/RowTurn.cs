using System.Text.Json;
using Workbench.Data.Formats;

namespace Workbench.Data.Filters;

/// <summary>A piece of text in a row with who said it.</summary>
/// <param name="Column">Column of the row: messages, prompt, completion, chosen, rejected or text.</param>
/// <param name="Role">The message's role; user and assistant for prompts and answers that are texts, empty for <c>text</c>.</param>
/// <param name="Text">What it says, without thinking and calls.</param>
public readonly record struct RowTurn(string Column, string Role, string Text)
{
    private static readonly string[] Columns = ["messages", "prompt", "completion", "chosen", "rejected"];

    /// <summary>Whether a model is to learn it.</summary>
    public bool IsAnswer => Role == "assistant" || Column == "text";

    /// <summary>All turns of a row in their order; none of a row of token ids.</summary>
    public static List<RowTurn> Of(Row row)
    {
        var turns = new List<RowTurn>();
        if (row.Shape == RowShape.Text)
        {
            turns.Add(new RowTurn("text", "", row.Json.GetProperty("text").GetString()!));
            return turns;
        }

        foreach (var column in Columns)
        {
            if (row.Json.TryGetProperty(column, out var value))
            {
                Add(turns, column, value);
            }
        }

        return turns;
    }

    /// <summary>The texts that <paramref name="part"/> chooses, joined by line breaks.</summary>
    public static string Join(Row row, RowPart part)
    {
        var turns = Of(row);
        turns.RemoveAll(turn => part != RowPart.All && turn.IsAnswer != (part == RowPart.Answers));
        return turns.Count == 1 ? turns[0].Text : string.Join('\n', turns.Select(turn => turn.Text));
    }

    /// <summary>A message's content: its text, or the texts of its parts.</summary>
    public static string Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
        {
            return "";
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Join('\n', content.EnumerateArray()
                .Where(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                .Select(part => part.GetProperty("text").GetString())),
            _ => "",
        };
    }

    private static void Add(List<RowTurn> turns, string column, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            turns.Add(new RowTurn(column, column == "prompt" ? "user" : "assistant", value.GetString()!));
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var message in value.EnumerateArray())
            {
                turns.Add(new RowTurn(column, message.GetProperty("role").GetString()!, Content(message)));
            }
        }
    }
}

/// <summary>Which texts of a row an operator looks at.</summary>
public enum RowPart
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>What the assistant says; a plain text.</summary>
    Answers,

    /// <summary>What it is asked and told.</summary>
    Prompts,
}
