using System.Text.Json;
using Workbench.Data.Formats;

namespace Workbench.Data.Rewards.Candidates;

/// <summary>Which pairs are made of K answers.</summary>
public enum PairStrategy
{
    /// <summary>The best against the worst.</summary>
    BestWorst,

    /// <summary>Each against each that is worse by the margin, the widest apart first.</summary>
    All,
}

/// <summary>Preference pairs for DPO: a better and a worse answer to one prompt, at least a margin apart.</summary>
public sealed record PreferencePairs
{
    /// <summary>Least difference of the scores; more than 0, because equal answers teach nothing.</summary>
    public double Margin { get; init; } = 0.1;

    public PairStrategy Strategy { get; init; } = PairStrategy.BestWorst;

    /// <summary>Most pairs of one prompt.</summary>
    public int MaxPerPrompt { get; init; } = 8;

    /// <exception cref="RewardException">A parameter is wrong.</exception>
    public void Check()
    {
        if (!(Margin > 0 && double.IsFinite(Margin)) || MaxPerPrompt < 1)
        {
            throw new RewardException("pairs: margin must be more than 0, and max_per_prompt at least 1.");
        }
    }

    /// <summary>The rows of <c>prompt</c>, <c>chosen</c>, <c>rejected</c>, <c>score_chosen</c>, <c>score_rejected</c> and the prompt's other columns.</summary>
    /// <exception cref="RowFormatException">An answer has no score.</exception>
    public IReadOnlyList<Row> Of(CandidateSet set)
    {
        var ranked = Ranking.BestFirst(set).ToArray();
        IEnumerable<(Candidate Better, Candidate Worse)> pairs = Strategy == PairStrategy.BestWorst
            ? [(ranked[0], ranked[^1])]
            : ranked.SelectMany((better, i) => ranked.Skip(i + 1).Select(worse => (Better: better, Worse: worse))).OrderByDescending(pair => pair.Better.Score - pair.Worse.Score);
        return
        [
            .. pairs.Where(pair => pair.Better.Score - pair.Worse.Score >= Margin
                    && CandidateScoring.Text(pair.Better.Completion).Trim() != CandidateScoring.Text(pair.Worse.Completion).Trim())
                .Take(MaxPerPrompt).Select(pair => Row(set, pair.Better, pair.Worse)),
        ];
    }

    private static Row Row(CandidateSet set, Candidate better, Candidate worse)
    {
        var row = set.WithoutAnswers();
        row["chosen"] = Ranking.Like(set, better);
        row["rejected"] = Ranking.Like(set, worse);
        row["score_chosen"] = Math.Round(better.Score!.Value, 9);
        row["score_rejected"] = Math.Round(worse.Score!.Value, 9);
        return new Row(RowShape.Preference, JsonSerializer.SerializeToElement(row));
    }
}
