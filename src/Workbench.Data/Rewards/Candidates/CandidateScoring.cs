using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards.Candidates;

/// <summary>Scores all candidates of a prompt; every score and its reason stays with the candidate.</summary>
public static class CandidateScoring
{
    /// <summary>The set with all its candidates scored.</summary>
    /// <param name="set">A prompt with its answers.</param>
    /// <param name="judge">Of <see cref="RewardSet.Prepare"/>.</param>
    /// <param name="together">All at once, on threads of their own: for rewards that wait for a model.</param>
    /// <exception cref="RewardException">The row has not what a reward needs.</exception>
    public static CandidateSet Score(CandidateSet set, Func<RewardInput, CombinedScore> judge, bool together = false) =>
        set with { Candidates = together ? Together(set, judge) : [.. set.Candidates.Select(candidate => Score(set.Row, candidate, judge))] };

    private static Candidate[] Together(CandidateSet set, Func<RewardInput, CombinedScore> judge)
    {
        var scored = set.Candidates.Select(candidate => Task.Factory.StartNew(
            () => Score(set.Row, candidate, judge), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        ((Task)Task.WhenAll(scored)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult(); // all of them: what they ask is freed after this
        return [.. scored.Select(one => one.GetAwaiter().GetResult())];
    }

    /// <summary>The scored set as one row: <c>prompt</c>, its other columns, and <c>candidates</c> with <c>completion</c>, <c>score</c>, <c>scores</c> and <c>reasons</c>.</summary>
    public static Row ToRow(CandidateSet set)
    {
        var row = set.WithoutAnswers();
        row[CandidateSet.Column] = new JsonArray([.. set.Candidates.Select(candidate => (JsonNode)JsonObject.Create(candidate.Json)!)]);
        return new Row(RowShape.Prompt, JsonSerializer.SerializeToElement(row));
    }

    /// <summary>The text that rewards read: a text as it is, of messages what the assistant says.</summary>
    public static string Text(JsonElement completion) => completion.ValueKind switch
    {
        JsonValueKind.String => completion.GetString()!,
        JsonValueKind.Array => string.Join('\n', completion.EnumerateArray()
            .Where(message => message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && role.ValueEquals("assistant"))
            .Select(RowTurn.Content)),
        _ => throw new RowFormatException("a completion must be a text or a list of messages"),
    };

    private static Candidate Score(Row row, Candidate candidate, Func<RewardInput, CombinedScore> judge)
    {
        var score = judge(new RewardInput(row, Text(candidate.Completion)));
        var json = candidate.Json.ValueKind == JsonValueKind.Object && candidate.Json.TryGetProperty("prompt", out _) is false ? JsonObject.Create(candidate.Json)! : [];
        json["completion"] = candidate.Completion.ValueKind == JsonValueKind.Array ? JsonArray.Create(candidate.Completion) : JsonValue.Create(candidate.Completion);
        json["score"] = Math.Round(score.Total, 9);
        json["scores"] = new JsonObject(score.Parts.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)JsonValue.Create(Math.Round(part.Value.Value, 9)))));
        var reasons = score.Parts.Where(part => part.Value.Reason is not null).ToArray();
        if (reasons.Length > 0)
        {
            json["reasons"] = new JsonObject(reasons.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)JsonValue.Create(part.Value.Reason))));
        }

        return new Candidate(candidate.Completion, score.Total, JsonSerializer.SerializeToElement(json));
    }
}
