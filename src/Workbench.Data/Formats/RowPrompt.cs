using System.Text.Json;

namespace Workbench.Data.Formats;

/// <summary>What a row asks: its prompt, or its conversation without the last answer.</summary>
public static class RowPrompt
{
    /// <returns>A text or a list of messages.</returns>
    /// <exception cref="RowFormatException">The row asks nothing.</exception>
    public static JsonElement Of(Row row)
    {
        switch (row.Shape)
        {
            case RowShape.Messages:
                var before = BeforeAnswer(row.Json.GetProperty("messages"));
                return before.GetArrayLength() > 0 ? before : throw new RowFormatException("the conversation has nothing before its answer");
            case RowShape.PromptCompletion or RowShape.Prompt:
                return row.Json.GetProperty("prompt");
            default:
                throw new RowFormatException($"a row of shape {row.Shape} has no prompt to answer; give messages, prompt and completion, or prompt");
        }
    }

    /// <summary>The conversation up to its last turn, if that is the assistant's.</summary>
    public static JsonElement BeforeAnswer(JsonElement messages)
    {
        var all = messages.EnumerateArray().ToList();
        var answered = all.Count > 0 && all[^1].GetProperty("role").GetString() == "assistant";
        return answered ? JsonSerializer.SerializeToElement(all[..^1]) : messages;
    }
}
