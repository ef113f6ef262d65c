using System.Text.Json;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards;

/// <summary>What a reward sees.</summary>
/// <param name="Row">The row whose prompt was answered, with the columns that tell what is right.</param>
/// <param name="Completion">The answer's text.</param>
public readonly record struct RewardInput(Row Row, string Completion)
{
    /// <summary>The texts of a reference column: a text, a number, or a list of these, any of which is right.</summary>
    /// <exception cref="RewardException">The row has no such column.</exception>
    public IReadOnlyList<string> References(string reward, string column)
    {
        if (!Row.Json.TryGetProperty(column, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            throw new RewardException($"{reward}: the row has no column \"{column}\" that says what is right. Name the one that does in \"column\".");
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Text)] : [Text(value)];
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}

/// <summary>What a reward says.</summary>
/// <param name="Value">0 to 1; a reward model's logit may be anything.</param>
/// <param name="Reason">Why it is not 1, for whoever looks at the row.</param>
public readonly record struct RewardScore(double Value, string? Reason = null)
{
    public static RewardScore Right { get; } = new(1);

    public static RewardScore Wrong(string reason) => new(0, reason);
}
