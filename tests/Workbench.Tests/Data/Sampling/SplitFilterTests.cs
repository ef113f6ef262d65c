using Workbench.Data.Filters;

namespace Workbench.Tests.Data.Sampling;

public sealed class SplitFilterTests
{
    private static readonly string[] Parts = ["train", "validation", "test"];

    [Fact]
    public void The_three_parts_make_up_the_whole_and_stay_what_they_are_when_it_grows()
    {
        var few = Enumerable.Range(0, 1000).Select(i => Rows.Text($"row {i}")).ToList();
        var more = few.Concat(Enumerable.Range(1000, 1000).Select(i => Rows.Text($"row {i}"))).Reverse().ToList();
        var parts = Parts.Select(part => (Before: Part(part, few), After: Part(part, more))).ToList();

        Assert.Equal(1000, parts.Sum(part => part.Before.Count));
        Assert.Equal(1000, parts.SelectMany(part => part.Before).Distinct().Count());
        Assert.All(parts, part => Assert.Subset(part.After, part.Before));

        // 10 % of a thousand: 100, give or take four deviations of sqrt(1000 · 0.1 · 0.9) = 9.5.
        Assert.InRange(parts[1].Before.Count, 62, 138);
        Assert.InRange(parts[2].Before.Count, 62, 138);
    }

    [Fact]
    public void Shares_that_leave_nothing_to_train_on_are_refused() => Assert.Contains(
        "shares", Assert.Throws<OperatorException>(() => new Pipeline(Recipe.Parse("""{"steps":[{"op":"split","validation":0.5,"test":0.5}]}""")).Run([])).Message, StringComparison.Ordinal);

    private static HashSet<string> Part(string part, IEnumerable<Workbench.Data.Formats.Row> rows) =>
    [
        .. new Pipeline(Recipe.Parse($$"""{"steps":[{"op":"split","part":"{{part}}","validation":0.1,"test":0.1}]}""")).Run(rows.Numbered())
            .Select(item => item.Row.Json.GetProperty("text").GetString()!),
    ];
}
