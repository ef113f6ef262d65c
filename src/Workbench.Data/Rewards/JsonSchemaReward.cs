using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Data.Rewards.Schemas;

namespace Workbench.Data.Rewards;

/// <summary>The answer is JSON (in a code fence or not) that a schema accepts.</summary>
public sealed record JsonSchemaReward : IReward
{
    public double Weight { get; init; } = 1;

    /// <summary>The schema for all rows; null for the one in each row's <see cref="Column"/>.</summary>
    public JsonElement? Schema { get; init; }

    /// <summary>Column with a row's own schema, an object or its text.</summary>
    public string Column { get; init; } = "schema";

    /// <summary>Score of JSON that the schema does not accept: it is nearer than no JSON at all.</summary>
    public double ValidJson { get; init; } = 0.2;

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare()
    {
        if (!(ValidJson is >= 0 and <= 1))
        {
            throw new RewardException("json_schema: valid_json must be 0 to 1.");
        }

        var common = Schema is { } given ? new JsonSchema(given) : null;
        return input =>
        {
            var schema = common ?? new JsonSchema(Parsed(input));
            JsonElement value;
            try
            {
                value = RowParser.ParseJson(System.Text.Encoding.UTF8.GetBytes(Unfenced(input.Completion)));
            }
            catch (RowFormatException exception)
            {
                return RewardScore.Wrong(exception.Message);
            }

            return schema.Problem(value) is { } problem ? new RewardScore(ValidJson, problem) : RewardScore.Right;
        };
    }

    /// <summary>The text without a code fence around all of it.</summary>
    internal static string Unfenced(string text)
    {
        text = text.Trim();
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        return text.StartsWith("```", StringComparison.Ordinal) && text.EndsWith("```", StringComparison.Ordinal) && line > 0 && text.Length > line + 3
            ? text[(line + 1)..^3].Trim() : text;
    }

    private JsonElement Parsed(RewardInput input)
    {
        if (input.Row.Json.TryGetProperty(Column, out var schema) && schema.ValueKind == JsonValueKind.Object)
        {
            return schema;
        }

        try
        {
            return RowParser.ParseJson(System.Text.Encoding.UTF8.GetBytes(input.References("json_schema", Column)[0]));
        }
        catch (RowFormatException exception)
        {
            throw new RewardException($"json_schema: the column \"{Column}\" holds no JSON schema: {exception.Message}", exception);
        }
    }
}
