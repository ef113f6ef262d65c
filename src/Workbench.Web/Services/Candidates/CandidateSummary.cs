using Workbench.Data.Rewards.Candidates;

namespace Workbench.Web.Services.Candidates;

/// <summary>What the scores of all candidates come to.</summary>
/// <param name="Prompts">Prompts with answers.</param>
/// <param name="Answers">All answers.</param>
/// <param name="Mean">Mean score; pass@1 where scores are 0 and 1 (Chen et al., 2021).</param>
/// <param name="Best">Mean of each prompt's best score; pass@K where scores are 0 and 1.</param>
/// <param name="Alike">Prompts whose answers all have one score: nothing can be learnt from comparing them.</param>
/// <param name="Histogram">Answers by score, in equal parts from the lowest to the highest; one part where all are equal.</param>
public sealed record CandidateSummary(int Prompts, int Answers, double Mean, double Best, int Alike, IReadOnlyList<(double From, double To, int Count)> Histogram)
{
    private const int Parts = 20;

    /// <summary>The summary; null where there are no candidates.</summary>
    public static CandidateSummary? Of(IEnumerable<CandidateSet> sets)
    {
        var (prompts, alike, best) = (0, 0, 0.0);
        var scores = new List<double>();
        foreach (var set in sets)
        {
            var own = set.Candidates.Select(candidate => candidate.Score ?? 0).ToList();
            scores.AddRange(own);
            best += own.Max();
            alike += own.Max() == own.Min() ? 1 : 0;
            prompts++;
        }

        return prompts == 0 ? null : new CandidateSummary(prompts, scores.Count, scores.Average(), best / prompts, alike, Divide(scores));
    }

    private static List<(double From, double To, int Count)> Divide(List<double> scores)
    {
        var (low, high) = (scores.Min(), scores.Max());
        if (low == high)
        {
            return [(low, high, scores.Count)];
        }

        var counts = new int[Parts];
        foreach (var score in scores)
        {
            counts[Math.Min(Parts - 1, (int)((score - low) / (high - low) * Parts))]++;
        }

        double At(int part) => low + ((high - low) * part / Parts);
        return [.. counts.Select((count, part) => (At(part), At(part + 1), count))];
    }
}
