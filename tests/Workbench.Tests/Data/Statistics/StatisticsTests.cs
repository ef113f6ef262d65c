using Workbench.Data.Filters;
using Workbench.Data.Statistics;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Data.Statistics;

public sealed class StatisticsTests
{
    [Fact]
    public void Figures_are_those_counted_by_hand()
    {
        var figures = StatisticsBuilder.Of(
            [
                Rows.Chat("abc", "de"), Rows.Chat("ABC", "de"), Rows.Chat("abc", " "),
                Rows.Parse("""{"prompt":"a","completion":"b","label":true}"""), Rows.Parse("""{"prompt":"a","completion":"b","label":false}"""),
            ],
            new StatisticsOptions(),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((5, 1, 1), (figures.Rows, figures.ExactDuplicates, figures.EmptyAnswers));
        Assert.Equal([("Messages", 3), ("PromptCompletion", 2)], figures.Shapes.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([("assistant", 5), ("user", 5)], figures.Roles.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([("false", 1), ("true", 1)], figures.Labels!.Select(pair => (pair.Key, pair.Value)));
        var chars = figures.Chars!; // 6, 6, 5, 3, 3 with the line break between the turns
        Assert.Equal((3, 5, 6, 4.6), (chars.Min, chars.P50, chars.Max, chars.Mean));
        Assert.Equal(5, chars.Histogram.Sum(bar => bar.Count));
        Assert.Null(figures.Tokens);
    }

    [Fact]
    public void A_histogram_holds_every_value_once_however_far_out_it_lies()
    {
        var lengths = new Distribution();
        for (var i = 1; i <= 1000; i++)
        {
            lengths.Add(i);
        }

        lengths.Add(1_000_000);
        var summary = lengths.Summarize()!;
        Assert.Equal((1, 501, 1_000_000), (summary.Min, summary.P50, summary.Max));
        Assert.Equal(1001, summary.Histogram.Sum(bar => bar.Count));
        Assert.Equal((0, 50, 49), (summary.Histogram[0].From, summary.Histogram[0].To, summary.Histogram[0].Count));
        Assert.InRange(summary.Histogram.Count, 20, 25);
        Assert.All(summary.Histogram.Zip(summary.Histogram.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    [Fact]
    public void Tokens_are_counted_and_special_tokens_in_content_found()
    {
        var tokenizer = Tokenizer.Load(Shared.Require("assets/tokenizers/gpt2"));
        var figures = StatisticsBuilder.Of(
            [Rows.Text("Hello world"), Rows.Text("Hello <|endoftext|> world")],
            new StatisticsOptions { Tokenizer = tokenizer, MaxLength = 2 },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, figures.Tokens!.Min); // "Hello", " world": tiktoken's gpt2 gives 15496, 995
        Assert.Equal((1, 1), (figures.OverMaxLength, figures.SpecialTokensInContent!["<|endoftext|>"]));
    }

    [Fact]
    public void A_card_carries_licence_figures_and_recipe()
    {
        var card = new DatasetCard
        {
            Name = "no: \"quotes\"",
            Licence = "cc-by-4.0",
            DataFile = "rows.parquet",
            ContentHash = "abc",
            Statistics = StatisticsBuilder.Of([Rows.Chat("The weather is fine today.", "That is good to hear.")], new StatisticsOptions(), cancellationToken: TestContext.Current.CancellationToken),
            Recipe = new Recipe { Steps = [new LengthFilter { MaxChars = 9 }] },
        }.ToMarkdown();
        Assert.StartsWith("---\npretty_name: \"no: \\u0022quotes\\u0022\"\nlicense: \"cc-by-4.0\"\nsize_categories:\n- n<1K\nlanguage:\n- \"en\"\nconfigs:\n", card, StringComparison.Ordinal);
        Assert.Contains("data_files: \"rows.parquet\"\n---\n", card, StringComparison.Ordinal);
        Assert.Contains("Roles: assistant 1, user 1.", card, StringComparison.Ordinal);
        Assert.Contains("\"op\": \"length\"", card, StringComparison.Ordinal);
    }
}
