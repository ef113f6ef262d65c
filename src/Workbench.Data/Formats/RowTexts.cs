using System.Text.Json;

namespace Workbench.Data.Formats;

/// <summary>What people and models wrote in a row: the texts that a tokenizer is trained on.</summary>
public static class RowTexts
{
    private static readonly string[] Columns = ["prompt", "completion", "chosen", "rejected"];

    /// <summary>The contents of messages, prompts, completions and texts, in their order; none of a row of token ids.</summary>
    public static IEnumerable<string> Of(Row row) => row.Shape switch
    {
        RowShape.Text => [row.Json.GetProperty("text").GetString()!],
        RowShape.PromptCompletion or RowShape.Preference or RowShape.Prompt => Columns.SelectMany(name =>
            row.Json.TryGetProperty(name, out var value) ? TextOrMessages(value) : []),
        RowShape.Messages => Messages(row.Json.GetProperty("messages")),
        _ => [],
    };

    private static IEnumerable<string> TextOrMessages(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => Messages(value),
        _ => [],
    };

    private static IEnumerable<string> Messages(JsonElement messages) => messages.EnumerateArray().SelectMany(Contents);

    private static IEnumerable<string> Contents(JsonElement message)
    {
        foreach (var field in new[] { "reasoning_content", "thinking", "content" })
        {
            if (message.TryGetProperty(field, out var value))
            {
                foreach (var text in Parts(value))
                {
                    yield return text;
                }
            }
        }
    }

    private static IEnumerable<string> Parts(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray()
            .Select(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) ? text : part)
            .Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!),
        _ => [],
    };
}
