namespace Workbench.Web.Services.Judging;

/// <summary>A model's strength on the Elo scale.</summary>
/// <param name="Rating">1000 is the average of the models; 400 more means ten wins for a loss.</param>
/// <param name="Low">Lower end of the 95% interval.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Votes">How often it was judged.</param>
public sealed record EloRating(string Model, double Rating, double Low, double High, int Votes, int Wins, int Losses, int Ties);

/// <summary>
/// Ratings from votes: the Bradley-Terry model, fitted by maximum likelihood (Hunter, 2004, "MM algorithms for generalized Bradley-Terry
/// models") and told on the Elo scale, so that the order of the votes does not matter; intervals by bootstrap, as the Chatbot Arena has
/// them (Chiang et al., 2024). Each pair that met is given one tie beforehand: without it, a model that never lost would be infinitely good.
/// </summary>
public static class EloRatings
{
    private const double Average = 1000;
    private const double Scale = 400;
    private const int Rounds = 500;
    private const int MostSteps = 1000;
    private const double Enough = 1e-9;

    /// <summary>The ratings, best first.</summary>
    /// <param name="votes">In any order.</param>
    /// <param name="seed">Of the bootstrap: the same votes give the same intervals.</param>
    public static IReadOnlyList<EloRating> Of(IReadOnlyList<Vote> votes, int seed = 0)
    {
        var fair = votes.Where(vote => vote.ModelA != vote.ModelB).ToList();
        var models = fair.SelectMany(vote => new[] { vote.ModelA, vote.ModelB }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var number = models.Select((model, index) => (model, index)).ToDictionary(pair => pair.model, pair => pair.index, StringComparer.Ordinal);
        var games = fair.ConvertAll(vote => (A: number[vote.ModelA], B: number[vote.ModelB], vote.ShareOfA));
        if (games.Count == 0)
        {
            return [];
        }

        var ratings = Fit(games, games, models.Count);
        var rounds = Resample(games, models.Count, new Random(seed));
        return [.. models.Select((model, index) =>
        {
            var sorted = rounds.Select(round => round[index]).Order().ToArray();
            var mine = fair.Where(vote => vote.ModelA == model || vote.ModelB == model).ToList();
            var wins = mine.Count(vote => (vote.ModelA == model ? vote.ShareOfA : 1 - vote.ShareOfA) == 1);
            var ties = mine.Count(vote => vote.ShareOfA == 0.5);
            return new EloRating(model, ratings[index], Percentile(sorted, 0.025), Percentile(sorted, 0.975), mine.Count, wins, mine.Count - wins - ties, ties);
        }).OrderByDescending(rating => rating.Rating)];
    }

    private static List<double[]> Resample(List<(int A, int B, double ShareOfA)> games, int models, Random random) =>
        [.. Enumerable.Range(0, Rounds).Select(_ => Fit([.. Enumerable.Range(0, games.Count).Select(_ => games[random.Next(games.Count)])], games, models))];

    /// <summary>Ratings from <paramref name="games"/>; pairs of <paramref name="met"/> have their tie even where the draw left them out.</summary>
    private static double[] Fit(List<(int A, int B, double ShareOfA)> games, List<(int A, int B, double ShareOfA)> met, int models)
    {
        var points = new double[models];
        var played = new double[models, models];
        void Count(int a, int b, double share)
        {
            points[a] += share;
            points[b] += 1 - share;
            played[a, b]++;
            played[b, a]++;
        }

        games.ForEach(game => Count(game.A, game.B, game.ShareOfA));
        foreach (var (a, b) in met.Select(game => (Math.Min(game.A, game.B), Math.Max(game.A, game.B))).Distinct())
        {
            Count(a, b, 0.5);
        }

        var logs = new double[models];
        for (var (step, moved) = (0, double.MaxValue); step < MostSteps && moved > Enough; step++)
        {
            moved = Improve(logs, points, played);
        }

        var mean = logs.Average();
        return Array.ConvertAll(logs, log => Average + (Scale * (log - mean) / Math.Log(10)));
    }

    /// <summary>One step of the MM algorithm; returns how far the strengths (natural logarithms) moved.</summary>
    private static double Improve(double[] logs, double[] points, double[,] played)
    {
        double moved = 0;
        for (var i = 0; i < logs.Length; i++)
        {
            double expected = 0;
            for (var j = 0; j < logs.Length; j++)
            {
                expected += played[i, j] > 0 ? played[i, j] / (Math.Exp(logs[i]) + Math.Exp(logs[j])) : 0;
            }

            var next = Math.Log(points[i] / expected);
            moved = Math.Max(moved, Math.Abs(next - logs[i]));
            logs[i] = next;
        }

        return moved;
    }

    private static double Percentile(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
