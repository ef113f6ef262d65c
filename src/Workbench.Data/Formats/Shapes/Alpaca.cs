using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>
/// Alpaca's instruction, input and output (Dolly's context and response), with LLaMA-Factory's history and system. Instruction and
/// input become one message with a line break between, as LLaMA-Factory joins them.
/// </summary>
internal static class Alpaca
{
    private static readonly string[] Inputs = ["input", "context"];
    private static readonly string[] Outputs = ["output", "response", "completion"];

    public static bool Matches(JsonElement row) => SourceShapes.Text(row, "instruction") && !row.TryGetProperty("instances", out _);

    public static bool MatchesSeed(JsonElement row) =>
        SourceShapes.Text(row, "instruction") && row.TryGetProperty("instances", out var instances) && instances.ValueKind == JsonValueKind.Array;

    public static JsonObject Convert(JsonElement row)
    {
        var (input, output) = (Name(row, Inputs), Name(row, Outputs));
        var messages = History(row);
        messages.Add((JsonNode)RowFields.Message("user", Question(RowFields.RequiredText(row, "instruction"), input is null ? null : RowFields.Text(row, input))));
        if (output is null)
        {
            return RowFields.Carry(row, new JsonObject { ["prompt"] = messages }, "instruction", input ?? "", "history", "system");
        }

        var answer = RowFields.Message("assistant", RowFields.RequiredText(row, output));
        if (Kto.Label(row) is not null)
        {
            messages.Add((JsonNode)answer);
            var judged = Kto.Convert(row, messages, "instruction");
            return Without(judged, [input, output, "history"]);
        }

        messages.Add((JsonNode)answer);
        return RowFields.Carry(row, new JsonObject { ["messages"] = messages }, "instruction", input ?? "", output, "history", "system");
    }

    public static JsonObject ConvertSeed(JsonElement row)
    {
        var instances = row.GetProperty("instances");
        if (instances.GetArrayLength() != 1)
        {
            throw new RowFormatException($"instances has {instances.GetArrayLength()} entries; write a row for each, with its own input and output");
        }

        var instance = instances[0];
        var question = Question(RowFields.RequiredText(row, "instruction"), RowFields.Text(instance, "input"));
        var messages = new JsonArray(
            RowFields.Message("user", question), RowFields.Message("assistant", RowFields.RequiredText(instance, "output", "instances[0].")));
        return RowFields.Carry(row, new JsonObject { ["messages"] = messages }, "instruction", "instances");
    }

    /// <summary>System message and earlier rounds.</summary>
    public static JsonArray History(JsonElement row)
    {
        var messages = new JsonArray();
        if (RowFields.Text(row, "system") is { Length: > 0 } system)
        {
            messages.Add((JsonNode)RowFields.Message("system", system));
        }

        if (RowFields.Get(row, "history") is { ValueKind: JsonValueKind.Array } history)
        {
            foreach (var round in history.EnumerateArray())
            {
                if (round.ValueKind != JsonValueKind.Array || round.GetArrayLength() != 2 || round.EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String))
                {
                    throw new RowFormatException("history must be a list of pairs: what the user said, what was answered");
                }

                messages.Add((JsonNode)RowFields.Message("user", round[0].GetString()));
                messages.Add((JsonNode)RowFields.Message("assistant", round[1].GetString()));
            }
        }

        return messages;
    }

    /// <summary>Instruction and input as one message.</summary>
    public static string Question(string instruction, string? input) => string.IsNullOrEmpty(input) ? instruction : $"{instruction}\n{input}";

    private static string? Name(JsonElement row, string[] names) => Array.Find(names, name => row.TryGetProperty(name, out _));

    private static JsonObject Without(JsonObject row, string?[] names)
    {
        foreach (var name in names)
        {
            if (name is not null and not "completion")
            {
                row.Remove(name);
            }
        }

        return row;
    }
}
