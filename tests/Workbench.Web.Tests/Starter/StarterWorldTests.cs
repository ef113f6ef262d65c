using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Web.Starter;

namespace Workbench.Web.Tests.Starter;

public sealed partial class StarterWorldTests
{
    [Fact]
    public void No_held_out_question_is_asked_in_fine_tuning()
    {
        var asked = StarterWorld.Sft(seed: 11).Select(row => row.Request).ToHashSet();
        asked.UnionWith(StarterWorld.Pairs(seed: 13).Select(pair => pair.Request));

        Assert.All(Enum.GetValues<StarterPart>().SelectMany(StarterWorld.HeldOut), row => Assert.DoesNotContain(row.Request, asked));
    }

    [Fact]
    public void No_text_and_no_row_holds_a_held_out_sum()
    {
        var heldOut = StarterWorld.HeldOut(StarterPart.Sums).Select(row => Sum().Match(row.Answer).Value).ToHashSet();
        Assert.Equal(40, heldOut.Count);

        var seen = StarterWorld.Pretraining(StarterData.PretrainingRows, seed: 10)
            .Concat(StarterWorld.Sft(seed: 11).Select(row => row.Answer))
            .SelectMany(text => Sum().Matches(text).Select(match => match.Value)).ToHashSet();

        Assert.NotEmpty(seen);
        Assert.Empty(seen.Intersect(heldOut));
    }

    [Fact]
    public void Every_sum_adds_up_on_the_way_and_at_the_end()
    {
        var lines = StarterWorld.Pretraining(2_000, seed: 5).SelectMany(text => text.Split('\n')).Where(line => Sum().IsMatch(line)).ToArray();

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Single(line.Split(" = ").Select(
            side => side.Split(" + ").Sum(number => int.Parse(number, CultureInfo.InvariantCulture))).Distinct()));
    }

    [Fact]
    public void The_base_model_reads_of_every_fact_that_is_asked()
    {
        var texts = string.Concat(StarterWorld.Pretraining(10_000, seed: 10));

        Assert.All(StarterWorld.HeldOut(StarterPart.Facts), row => Assert.Contains(row.Answer, texts, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_answer_holds_what_is_expected_and_a_pair_only_in_the_better_one()
    {
        Assert.All(Enum.GetValues<StarterPart>().SelectMany(StarterWorld.HeldOut), row => Assert.True(StarterMeasure.IsRight(row.Answer, row.Expect)));
        Assert.All(StarterWorld.Pairs(seed: 13), pair =>
        {
            Assert.Contains(StarterIdentity.Preferred, name => pair.Chosen.Contains(name, StringComparison.Ordinal));
            Assert.DoesNotContain(StarterIdentity.Preferred, name => pair.Rejected.Contains(name, StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("47 + 25 = 60 + 12 = 72", "= 72", true)]
    [InlineData("47 + 25 = 720", "= 72", false)]
    [InlineData("47 + 25 = 720 = 72", "= 72", true)]
    [InlineData("47 + 25 = 73", "= 72", false)]
    public void A_number_is_right_only_as_a_whole(string answer, string expected, bool right) =>
        Assert.Equal(right, StarterMeasure.IsRight(answer, [expected]));

    [GeneratedRegex("[0-9]{2} \\+ [0-9]{2}(?= =)", RegexOptions.CultureInvariant)]
    private static partial Regex Sum();
}
