using Workbench.Data.Deduplication;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Statistics;

/// <summary>What statistics need to know of one row.</summary>
internal sealed record RowFigures(
    RowShape Shape, string[] Columns, string[] Roles, string Language, int Turns, int Chars, int AnswerChars, int? Tokens, UInt128 Key, bool EmptyAnswer, string[] SpecialTokens, bool? Label)
{
    private static readonly ExactDedup Same = new();

    public static RowFigures Of(Row row, StatisticsOptions options, IReadOnlyList<string> specialTokens)
    {
        var turns = RowTurn.Of(row);
        var text = string.Join('\n', turns.Select(turn => turn.Text));
        bool? label = row.Json.TryGetProperty("label", out var verdict) && verdict.ValueKind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
            ? verdict.GetBoolean() : null;
        return new RowFigures(
            row.Shape,
            [.. row.Json.EnumerateObject().Select(field => field.Name)],
            [.. turns.Where(turn => turn.Role.Length > 0).Select(turn => turn.Role)],
            text.Length == 0 ? "" : LanguageIdentifier.Identify(text).Code,
            turns.Count,
            text.Length,
            turns.Where(turn => turn.IsAnswer).Sum(turn => turn.Text.Length),
            CountTokens(row, turns, options),
            Same.Key(row),
            turns.Exists(turn => turn.IsAnswer && string.IsNullOrWhiteSpace(turn.Text)) && !row.Json.GetRawText().Contains("\"tool_calls\"", StringComparison.Ordinal),
            [.. specialTokens.Where(token => text.Contains(token, StringComparison.Ordinal))],
            label);
    }

    private static int? CountTokens(Row row, List<RowTurn> turns, StatisticsOptions options) =>
        row.Shape == RowShape.Tokenized ? row.Json.GetProperty("input_ids").GetArrayLength()
        : options.Tokenizer is { } tokenizer
            ? turns.Sum(turn => tokenizer.Encode(turn.Text, addSpecialTokens: false, recognizeSpecialTokens: false).Ids.Length)
        : null;
}
