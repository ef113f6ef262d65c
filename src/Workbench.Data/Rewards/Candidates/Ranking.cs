using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Data.Rewards.Candidates;

/// <summary>Candidates by their scores.</summary>
internal static class Ranking
{
    /// <summary>Best first; of equals, the one sampled first.</summary>
    public static IEnumerable<Candidate> BestFirst(CandidateSet set) =>
        set.Candidates.FirstOrDefault(candidate => candidate.Score is null) is null ? set.Candidates.OrderByDescending(candidate => candidate.Score)
            : throw new RowFormatException("an answer has no score; run data score first, or give --rewards");

    /// <summary>The completion in the prompt's form: TRL wants both texts or both messages.</summary>
    public static JsonNode Like(CandidateSet set, Candidate candidate)
    {
        var asMessages = set.Row.Json.GetProperty("prompt").ValueKind == JsonValueKind.Array;
        return (asMessages, candidate.Completion.ValueKind) switch
        {
            (true, JsonValueKind.String) => new JsonArray(RowFields.Message("assistant", candidate.Completion.GetString())),
            (false, JsonValueKind.Array) => JsonValue.Create(CandidateScoring.Text(candidate.Completion)),
            (_, JsonValueKind.Array) => JsonArray.Create(candidate.Completion)!,
            _ => JsonValue.Create(candidate.Completion.GetString()!),
        };
    }
}
