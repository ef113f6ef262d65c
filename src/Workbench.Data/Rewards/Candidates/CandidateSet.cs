using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards.Candidates;

/// <summary>A prompt with its answers.</summary>
/// <param name="Number">The row's number, of the first where it was put together from several.</param>
/// <param name="Row">The row, candidates included: rewards find in it what is right.</param>
/// <param name="Candidates">The answers, in their order.</param>
public sealed record CandidateSet(int Number, Row Row, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>Column that holds the answers: texts, lists of messages, or objects with <c>completion</c> and, once scored, <c>score</c> and <c>scores</c>.</summary>
    public const string Column = "candidates";

    /// <summary>
    /// Rows with a column of candidates as they are; rows of one completion each, one after another to the same prompt, put together as one.
    /// </summary>
    /// <param name="rows">In the order in which they were sampled.</param>
    /// <param name="refuse">Told of a row that has no answers.</param>
    public static IEnumerable<CandidateSet> Gather(IEnumerable<RowItem> rows, Action<int, string> refuse)
    {
        CandidateSet? open = null;
        string? prompt = null;
        foreach (var item in rows)
        {
            CandidateSet? read;
            try
            {
                read = Read(item);
            }
            catch (RowFormatException exception)
            {
                refuse(item.Number, exception.Message);
                continue;
            }

            var same = item.Row.Shape == RowShape.PromptCompletion ? item.Row.Json.GetProperty("prompt").GetRawText() : null;
            if (open is not null && same is not null && same == prompt)
            {
                open = open with { Candidates = [.. open.Candidates, .. read.Candidates] };
                continue;
            }

            if (open is not null)
            {
                yield return open;
            }

            (open, prompt) = (read, same);
        }

        if (open is not null)
        {
            yield return open;
        }
    }

    /// <summary>The answers in a row.</summary>
    /// <exception cref="RowFormatException">It has none.</exception>
    public static CandidateSet Of(int number, Row row) => Read(new RowItem(number, row));

    /// <summary>The prompt's columns without the answers.</summary>
    public JsonObject WithoutAnswers()
    {
        var row = JsonObject.Create(Row.Json)!;
        foreach (var name in new[] { Column, "completion", "score", "scores" })
        {
            row.Remove(name);
        }

        return row;
    }

    private static CandidateSet Read(RowItem item)
    {
        if (item.Row.Json.TryGetProperty(Column, out var list))
        {
            return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 && item.Row.Json.TryGetProperty("prompt", out _)
                ? new CandidateSet(item.Number, item.Row, [.. list.EnumerateArray().Select((candidate, i) => Read(candidate, $"{Column}[{i}]"))])
                : throw new RowFormatException($"{Column} must be a list of answers beside a prompt");
        }

        return item.Row.Shape == RowShape.PromptCompletion
            ? new CandidateSet(item.Number, item.Row, [Read(item.Row.Json, "row")])
            : throw new RowFormatException($"the row has neither {Column} nor prompt and completion");
    }

    private static Candidate Read(JsonElement candidate, string place)
    {
        if (candidate.ValueKind is JsonValueKind.String or JsonValueKind.Array)
        {
            return new Candidate(candidate, null, candidate);
        }

        if (candidate.ValueKind != JsonValueKind.Object || !candidate.TryGetProperty("completion", out var completion))
        {
            throw new RowFormatException($"{place} must be a text, a list of messages, or an object with completion");
        }

        double? score = candidate.TryGetProperty("score", out var given) && given.ValueKind == JsonValueKind.Number ? given.GetDouble() : null;
        return new Candidate(completion, score, candidate);
    }
}
