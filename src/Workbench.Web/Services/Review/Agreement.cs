namespace Workbench.Web.Services.Review;

/// <summary>How far two reviewers agree beyond chance (Cohen, 1960).</summary>
/// <param name="First">A reviewer.</param>
/// <param name="Second">Another.</param>
/// <param name="Rows">Rows that both have decided.</param>
/// <param name="Kappa">1 for full agreement, 0 for that of chance; null where chance alone would make them agree always.</param>
public sealed record Agreement(string First, string Second, int Rows, double? Kappa)
{
    /// <summary>Of every two reviewers with rows in common.</summary>
    public static IReadOnlyList<Agreement> Of(IEnumerable<Judgement> judgements)
    {
        var decided = judgements.Where(judgement => judgement.IsMade).GroupBy(judgement => judgement.Reviewer, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, Said: group.ToDictionary(one => one.Row, Category))).ToList();
        var found = new List<Agreement>();
        for (var i = 0; i < decided.Count; i++)
        {
            for (var j = i + 1; j < decided.Count; j++)
            {
                var pairs = decided[i].Said.Where(row => decided[j].Said.ContainsKey(row.Key)).Select(row => (A: row.Value, B: decided[j].Said[row.Key])).ToList();
                if (pairs.Count > 0)
                {
                    found.Add(new Agreement(decided[i].Key, decided[j].Key, pairs.Count, KappaOf(pairs)));
                }
            }
        }

        return found;
    }

    private static (Verdict, Preferred) Category(Judgement judgement) => (judgement.Verdict, judgement.Preferred);

    private static double? KappaOf<T>(List<(T A, T B)> pairs)
        where T : notnull
    {
        double n = pairs.Count;
        var observed = pairs.Count(pair => pair.A.Equals(pair.B)) / n;
        var chance = pairs.Select(pair => pair.A).Distinct().Sum(kind => pairs.Count(pair => pair.A.Equals(kind)) / n * (pairs.Count(pair => pair.B.Equals(kind)) / n));
        return chance >= 1 ? null : (observed - chance) / (1 - chance);
    }
}
