using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>A conversation with a verdict, as TRL's unpaired preference: <c>prompt</c>, <c>completion</c>, <c>label</c>.</summary>
internal static class Kto
{
    /// <summary>The verdict; null where the row has none.</summary>
    public static bool? Label(JsonElement row)
    {
        foreach (var name in new[] { "label", "kto_tag" })
        {
            if (row.TryGetProperty(name, out var label) && label.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                return label.GetBoolean();
            }
        }

        return null;
    }

    /// <summary>The last message is what was judged.</summary>
    /// <param name="row">The row.</param>
    /// <param name="messages">Its conversation, normalised.</param>
    /// <param name="column">The column that it came from.</param>
    public static JsonObject Convert(JsonElement row, JsonArray messages, string column)
    {
        if (messages.Count < 2 || messages[^1]?["role"]?.ToString() != "assistant")
        {
            throw new RowFormatException($"{column} must end with the assistant's message that label judges, after at least one other");
        }

        var completion = messages[^1];
        messages.RemoveAt(messages.Count - 1);
        var result = new JsonObject { ["prompt"] = messages, ["completion"] = new JsonArray(completion), ["label"] = Label(row) };
        OpenAiMessages.AddTools(row, result);
        return RowFields.Carry(row, result, column, "label", "kto_tag", "tools", "functions", "system");
    }
}
