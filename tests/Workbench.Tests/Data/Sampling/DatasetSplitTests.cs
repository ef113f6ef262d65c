using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Sampling;

namespace Workbench.Tests.Data.Sampling;

public sealed class DatasetSplitTests
{
    private static readonly DatasetSplit Split = new() { Validation = 0.1, Test = 0.2 };
    private static readonly Row[] Many = [.. Enumerable.Range(0, 10_000).Select(i => Rows.Chat($"question {i}", "answer"))];

    [Fact]
    public void The_shares_are_met()
    {
        var parts = Many.CountBy(Split.Of).ToDictionary();
        // Binomial: three standard deviations are 90 and 120 rows.
        Assert.InRange(parts[SplitPart.Validation], 910, 1090);
        Assert.InRange(parts[SplitPart.Test], 1880, 2120);
    }

    [Fact]
    public void A_larger_validation_takes_rows_from_train_alone()
    {
        var larger = Split with { Validation = 0.3 };
        foreach (var row in Many)
        {
            var (before, after) = (Split.Of(row), larger.Of(row));
            Assert.True(before == after || (before, after) == (SplitPart.Train, SplitPart.Validation));
        }
    }

    [Fact]
    public void Rows_of_one_prompt_stay_together_unless_the_row_decides()
    {
        Row[] same = [.. Enumerable.Range(0, 100).Select(i => Rows.Chat("the one question", $"answer {i}"))];
        Assert.Single(same.Select(Split.Of).Distinct());
        Assert.Equal(3, same.Select((Split with { Key = SplitKey.Row }).Of).Distinct().Count());
        Assert.Equal(Split.Of(same[0]), Split.Of(Rows.Parse("""{"prompt":"the one question","chosen":"a","rejected":"b"}""")));
    }

    [Theory]
    [InlineData(-0.1, 0.1)]
    [InlineData(0.5, 0.5)]
    [InlineData(double.NaN, 0.1)]
    public void Shares_that_leave_nothing_to_train_on_are_refused(double validation, double test) =>
        Assert.Throws<OperatorException>(() => new DatasetSplit { Validation = validation, Test = test }.Check());
}
