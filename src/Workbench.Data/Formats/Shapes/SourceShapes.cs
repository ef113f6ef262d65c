using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>The forms that are recognised, the particular before the general.</summary>
public static class SourceShapes
{
    private static readonly SourceShape[] Known =
    [
        new("tokenized", "input_ids, labels", row => Has(row, "input_ids"), AsItIs),
        new("llamafactory_v1", "messages of typed parts with loss_weight; chosen_messages, rejected_messages", LlamaFactoryV1.Matches, LlamaFactoryV1.Convert),
        new("messages_kto", "messages, label", row => Has(row, "messages") && Kto.Label(row) is not null, row => Kto.Convert(row, OpenAiMessages.Normalize(row, "messages"), "messages")),
        new("messages", "messages (OpenAI's, with tools and tool calls)", row => Has(row, "messages"), OpenAiMessages.ConvertRow),
        new("sharegpt_preference", "conversations, chosen, rejected", row => ShareGpt.Matches(row) && Has(row, "chosen", "rejected"), ShareGpt.ConvertPreference),
        new("sharegpt_kto", "conversations, label", row => ShareGpt.Matches(row) && Kto.Label(row) is not null, ShareGpt.ConvertKto),
        new("sharegpt", "conversations of from and value, tools", ShareGpt.Matches, ShareGpt.Convert),
        new("preference", "chosen, rejected, with or without prompt", row => Has(row, "chosen", "rejected"), Preferences.Convert),
        new("prompt_completion", "prompt, completion", row => Has(row, "prompt", "completion"), AsItIs),
        new("alpaca", "instruction, input, output, history, system", Alpaca.Matches, Alpaca.Convert),
        new("self_instruct", "instruction, instances", Alpaca.MatchesSeed, Alpaca.ConvertSeed),
        new("glaive", "system, chat", Glaive.Matches, Glaive.Convert),
        new("bfcl", "question, function", Questions.MatchesBfcl, Questions.ConvertBfcl),
        new("gsm8k", "question, answer", row => Text(row, "question") && Text(row, "answer"), row => Questions.Convert(row, "question", "answer", keepAnswer: true)),
        new("query_response", "query, response", row => Text(row, "query") && Text(row, "response"), row => Questions.Convert(row, "query", "response")),
        new("prompt_response", "prompt, response", row => Text(row, "prompt") && Text(row, "response"), row => Questions.Convert(row, "prompt", "response")),
        new("turns", "turns of a user (MT-Bench)", Questions.MatchesTurns, Questions.ConvertTurns),
        new("prompt", "prompt alone, with what checks its answer", row => Has(row, "prompt"), AsItIs),
        new("text", "text", row => Has(row, "text"), AsItIs),
    ];

    /// <summary>All of them, in the order in which they are tried.</summary>
    public static IReadOnlyList<SourceShape> All => Known;

    /// <summary>The first form that the row has; null for none.</summary>
    public static SourceShape? Detect(JsonElement row) =>
        row.ValueKind == JsonValueKind.Object ? Array.Find(Known, shape => shape.Matches(row)) : null;

    /// <summary>The row under TRL's column names, and the form it came in.</summary>
    /// <exception cref="RowFormatException">The row has none of the forms, or is wrong in its own.</exception>
    public static Row Normalize(JsonElement row)
    {
        var source = Detect(row);
        if (source is null && Text(row, "id") && Has(row, "ground_truth"))
        {
            throw new RowFormatException("these are BFCL's answers without their questions; import the file of questions, or join both by id first");
        }

        var json = source?.Convert(row) is { } converted ? JsonSerializer.SerializeToElement(converted) : row;
        return new Row(RowShapes.Detect(json), json) { Source = source?.Name };
    }

    internal static bool Has(JsonElement row, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!row.TryGetProperty(name, out _))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool Text(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;

    private static JsonObject? AsItIs(JsonElement row) => null;
}
