using System.Text.Json.Nodes;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Data.Formats.Exports;

/// <summary>Alpaca with LLaMA-Factory's <c>history</c> and <c>system</c>. The question is the instruction; <c>input</c> stays empty.</summary>
internal static class AlpacaExport
{
    public static JsonObject Convert(Row row)
    {
        if (row.Shape == RowShape.Preference || row.Json.TryGetProperty("tools", out _))
        {
            throw new RowFormatException("Alpaca has no place for preferences and tools; write ShareGPT");
        }

        var turns = TrlShapes.Messages(row)["messages"]!.AsArray().Select(message => Turn(message!)).ToList();
        var system = turns.Count > 0 && turns[0].Role == "system" ? turns[0].Text : null;
        var rounds = turns[(system is null ? 0 : 1)..];
        if (rounds.Count == 0 || rounds.Count % 2 != 0 || rounds.Where((turn, i) => turn.Role != (i % 2 == 0 ? "user" : "assistant")).Any())
        {
            throw new RowFormatException("Alpaca holds rounds of user and assistant; this conversation goes otherwise: " + string.Join(", ", turns.Select(turn => turn.Role)));
        }

        var result = new JsonObject { ["instruction"] = rounds[^2].Text, ["input"] = "", ["output"] = rounds[^1].Text };
        if (system is not null)
        {
            result["system"] = system;
        }

        if (rounds.Count > 2)
        {
            result["history"] = new JsonArray([.. rounds[..^2].Chunk(2).Select(round => (JsonNode)new JsonArray(round[0].Text, round[1].Text))]);
        }

        return RowFields.Carry(row.Json, result, "messages", "prompt", "completion");
    }

    private static (string Role, string Text) Turn(JsonNode message)
    {
        if (message["tool_calls"] is not null || message["reasoning_content"] is not null || message["thinking"] is not null)
        {
            throw new RowFormatException("Alpaca has no place for calls and reasoning; write ShareGPT or messages");
        }

        return (message["role"]!.ToString(), ShareGptExport.Text(message));
    }
}
