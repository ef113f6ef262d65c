using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards.Candidates;

/// <summary>Rejection sampling: the best of K answers becomes a row to train on.</summary>
public sealed record BestOf
{
    /// <summary>An answer must score at least this; null for any.</summary>
    public double? MinScore { get; init; }

    /// <summary>How many of the best answers to keep, different ones.</summary>
    public int Keep { get; init; } = 1;

    /// <summary>The rows, best first, of <c>prompt</c>, <c>completion</c>, <c>score</c> and the prompt's other columns; none where no answer is good enough.</summary>
    /// <exception cref="RowFormatException">An answer has no score.</exception>
    public IReadOnlyList<Row> Of(CandidateSet set) =>
    [
        .. Ranking.BestFirst(set)
            .Where(candidate => MinScore is null || candidate.Score >= MinScore)
            .DistinctBy(candidate => CandidateScoring.Text(candidate.Completion).Trim())
            .Take(Keep)
            .Select(candidate => Row(set, candidate)),
    ];

    private static Row Row(CandidateSet set, Candidate candidate)
    {
        var row = set.WithoutAnswers();
        row["completion"] = Ranking.Like(set, candidate);
        row["score"] = Math.Round(candidate.Score!.Value, 9);
        return new Row(RowShape.PromptCompletion, JsonSerializer.SerializeToElement(row));
    }
}
