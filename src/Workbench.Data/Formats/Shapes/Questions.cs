using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Data.Formats.Shapes;

/// <summary>Questions with their answers, or with what checks an answer: GSM8K, BFCL, MT-Bench.</summary>
internal static class Questions
{
    public static bool MatchesBfcl(JsonElement row) =>
        row.TryGetProperty("question", out var question) && question.ValueKind == JsonValueKind.Array && row.TryGetProperty("function", out _);

    public static bool MatchesTurns(JsonElement row) =>
        row.TryGetProperty("turns", out var turns) && turns.ValueKind == JsonValueKind.Array && turns.GetArrayLength() > 0
        && turns.EnumerateArray().All(turn => turn.ValueKind == JsonValueKind.String);

    /// <summary>One round. <paramref name="keepAnswer"/>: the answer's column stays as the reference that rewards compare with.</summary>
    public static JsonObject Convert(JsonElement row, string question, string answer, bool keepAnswer = false)
    {
        var result = new JsonObject
        {
            ["prompt"] = new JsonArray(RowFields.Message("user", RowFields.Text(row, question))),
            ["completion"] = new JsonArray(RowFields.Message("assistant", RowFields.Text(row, answer))),
        };
        return RowFields.Carry(row, result, question, keepAnswer ? "" : answer);
    }

    /// <summary>The Berkeley function-calling leaderboard: the first turn with its tools; later turns stay in <c>question</c>.</summary>
    public static JsonObject ConvertBfcl(JsonElement row)
    {
        var question = row.GetProperty("question");
        if (question.GetArrayLength() == 0 || question[0].ValueKind != JsonValueKind.Array)
        {
            throw new RowFormatException("question must be a list of turns, each a list of messages");
        }

        var tools = ToolDefinitions.Normalize(row.GetProperty("function"), "function");
        var result = new JsonObject { ["prompt"] = RowFields.Node(question[0]) };
        if (tools is not null)
        {
            foreach (var tool in tools)
            {
                JsonSchemaTypes(tool);
            }

            result["tools"] = tools;
        }

        return RowFields.Carry(row, result, "function", question.GetArrayLength() == 1 ? "question" : "");
    }

    /// <summary>The first turn is the prompt; all stay in <c>turns</c>.</summary>
    public static JsonObject ConvertTurns(JsonElement row) =>
        RowFields.Carry(row, new JsonObject { ["prompt"] = new JsonArray(RowFields.Message("user", row.GetProperty("turns")[0].GetString())) });

    /// <summary>BFCL writes Python's type names where JSON Schema has its own.</summary>
    private static void JsonSchemaTypes(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                JsonSchemaTypes(item);
            }
        }
        else if (node is JsonObject schema)
        {
            if (schema["type"] is JsonValue type && type.TryGetValue<string>(out var name))
            {
                schema["type"] = name switch { "dict" => "object", "float" => "number", "tuple" => "array", _ => name };
            }

            foreach (var (_, value) in schema)
            {
                JsonSchemaTypes(value);
            }
        }
    }
}
