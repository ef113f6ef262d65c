using Workbench.Web.Services.Judging;

namespace Workbench.Web.Tests.Services.Judging;

public sealed class EloRatingsTests
{
    internal static Vote Vote(string a, string b, Verdict verdict) => new("p", $"{a} says", $"{b} says", a, b, verdict, "model", "{}", DateTimeOffset.UnixEpoch);

    private static IEnumerable<Vote> Many(int count, string a, string b, Verdict verdict) => Enumerable.Repeat(Vote(a, b, verdict), count);

    private static double[] Ratings(params IEnumerable<Vote>[] votes) =>
        [.. EloRatings.Of([.. votes.SelectMany(some => some)]).OrderBy(rating => rating.Model, StringComparer.Ordinal).Select(rating => rating.Rating)];

    // With the tie given beforehand, 9 wins and a loss are odds of 9.5 : 1.5; 400 log10(9.5 / 1.5) = 320.655, half of it to each side of 1000.
    [Fact]
    public void Two_models_are_as_far_apart_as_their_odds() =>
        Assert.Equal([1160.33, 839.67], Ratings(Many(9, "a", "b", Verdict.A), Many(1, "a", "b", Verdict.B)), (x, y) => Math.Abs(x - y) < 0.01);

    [Fact]
    public void The_side_on_which_a_model_stood_makes_no_difference() =>
        Assert.Equal([1160.33, 839.67], Ratings(Many(5, "a", "b", Verdict.A), Many(4, "b", "a", Verdict.B), Many(1, "b", "a", Verdict.A)), (x, y) => Math.Abs(x - y) < 0.01);

    // a : b and b : c are 3.5 : 1.5 each, 400 log10(3.5 / 1.5) = 147.19; a and c never met, and the likelihood is greatest where both odds are met.
    [Fact]
    public void Strength_is_carried_over_models_that_never_met() => Assert.Equal(
        [1147.19, 1000, 852.81],
        Ratings(Many(3, "a", "b", Verdict.A), Many(1, "a", "b", Verdict.B), Many(3, "b", "c", Verdict.A), Many(1, "b", "c", Verdict.B)),
        (x, y) => Math.Abs(x - y) < 0.01);

    [Theory]
    [InlineData(Verdict.Tie)]
    [InlineData(Verdict.BothBad)]
    public void Ties_and_pairs_that_are_bad_on_both_sides_make_equals_without_doubt(Verdict verdict) =>
        Assert.All(EloRatings.Of([.. Many(7, "a", "b", verdict)]), rating => Assert.Equal((1000.0, 1000.0, 1000.0, 7), (rating.Rating, rating.Low, rating.High, rating.Ties)));

    // Drawn again from a win and a loss, a quarter of the rounds holds two wins: 2.5 : 0.5, 400 log10(5) / 2 = 139.79 over the average.
    [Fact]
    public void The_interval_is_as_wide_as_what_might_have_been_drawn()
    {
        var a = EloRatings.Of([Vote("a", "b", Verdict.A), Vote("a", "b", Verdict.B)]).Single(rating => rating.Model == "a");
        Assert.Equal([860.21, 1000, 1139.79], [a.Low, a.Rating, a.High], (x, y) => Math.Abs(x - y) < 0.01);
        Assert.Equal((2, 1, 1, 0), (a.Votes, a.Wins, a.Losses, a.Ties));
    }

    [Fact]
    public void The_best_comes_first_and_a_model_against_itself_counts_for_nothing()
    {
        Assert.Equal(["b", "a"], EloRatings.Of([Vote("a", "b", Verdict.B)]).Select(rating => rating.Model));
        Assert.Empty(EloRatings.Of([Vote("a", "a", Verdict.A)]));
        Assert.Empty(EloRatings.Of([]));
    }
}
