using Workbench.Data.Deduplication;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Statistics;

/// <summary>What statistics need to know of one row.</summary>
/// <param name="Shape">What it is.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Roles">Of its messages, in their order.</param>
/// <param name="Language">ISO code; empty where there is no text.</param>
/// <param name="Turns">Its messages.</param>
/// <param name="Chars">Characters (UTF-16 units) of all its texts.</param>
/// <param name="AnswerChars">Of what a model is to learn.</param>
/// <param name="Tokens">Of its texts; null without a tokenizer.</param>
/// <param name="Key">Equal for rows that say the same.</param>
/// <param name="EmptyAnswer">Whether an answer has no text and no calls.</param>
/// <param name="SpecialTokens">Special tokens whose text stands in its content.</param>
/// <param name="Label">Verdict of a KTO row.</param>
/// <param name="Text">All its texts, a line break between two.</param>
public sealed record RowFigures(
    RowShape Shape, string[] Columns, string[] Roles, string Language, int Turns, int Chars, int AnswerChars, int? Tokens, UInt128 Key, bool EmptyAnswer, string[] SpecialTokens, bool? Label, string Text)
{
    private static readonly ExactDedup Same = new();

    internal static RowFigures Of(Row row, StatisticsOptions options, IReadOnlyList<string> specialTokens)
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
            label,
            text);
    }

    private static int? CountTokens(Row row, List<RowTurn> turns, StatisticsOptions options) =>
        row.Shape == RowShape.Tokenized ? row.Json.GetProperty("input_ids").GetArrayLength()
        : options.Tokenizer is { } tokenizer
            ? turns.Sum(turn => tokenizer.Encode(turn.Text, addSpecialTokens: false, recognizeSpecialTokens: false).Ids.Length)
        : null;
}
