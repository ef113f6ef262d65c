using Workbench.Learning.Generation;

namespace Workbench.Learning.Tests.Generation;

public sealed class SamplerTests
{
    /// <summary>Logits whose softmax is 0.5, 0.25, 0.15, 0.1, in another order of ids.</summary>
    private static readonly float[] Logits = [MathF.Log(0.15f), MathF.Log(0.5f), MathF.Log(0.1f), MathF.Log(0.25f)];

    private static readonly HashSet<int> Nothing = [];

    private static double[] Probabilities(SamplingOptions options)
    {
        var result = new double[Logits.Length];
        foreach (var (id, probability) in new Sampler(options).Candidates(Logits))
        {
            result[id] = probability;
        }

        return result;
    }

    private static void Close(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

    [Fact]
    public void Temperature_one_is_the_softmax() => Close([0.15, 0.5, 0.1, 0.25], Probabilities(new() { Temperature = 1 }));

    // p^2 over 0.0225 + 0.25 + 0.01 + 0.0625 = 0.345
    [Fact]
    public void Temperature_one_half_squares_the_probabilities() =>
        Close([0.0225 / 0.345, 0.25 / 0.345, 0.01 / 0.345, 0.0625 / 0.345], Probabilities(new() { Temperature = 0.5 }));

    [Fact]
    public void Top_k_keeps_the_most_probable() => Close([0, 2 / 3.0, 0, 1 / 3.0], Probabilities(new() { Temperature = 1, TopK = 2 }));

    [Theory]
    [InlineData(0.4, new[] { 0, 1.0, 0, 0 })]
    [InlineData(0.6, new[] { 0, 2 / 3.0, 0, 1 / 3.0 })]
    [InlineData(0.8, new[] { 0.15 / 0.9, 0.5 / 0.9, 0, 0.25 / 0.9 })]
    [InlineData(1.0, new[] { 0.15, 0.5, 0.1, 0.25 })]
    public void Top_p_keeps_the_fewest_that_reach_the_sum(double p, double[] expected) =>
        Close(expected, Probabilities(new() { Temperature = 1, TopP = p }));

    [Theory]
    [InlineData(0.4, new[] { 0, 2 / 3.0, 0, 1 / 3.0 })] // at least 0.2
    [InlineData(0.25, new[] { 0.15 / 0.9, 0.5 / 0.9, 0, 0.25 / 0.9 })] // at least 0.125
    public void Min_p_keeps_a_share_of_the_most_probable(double p, double[] expected) =>
        Close(expected, Probabilities(new() { Temperature = 1, MinP = p }));

    /// <summary>20,000 draws; four standard deviations of a share p are 4 * sqrt(p (1-p) / 20000), at most 0.0142.</summary>
    [Fact]
    public void Draws_follow_the_probabilities()
    {
        var sampler = new Sampler(new() { Temperature = 1, Seed = 3 });
        var counts = new int[4];
        for (var i = 0; i < 20_000; i++)
        {
            counts[sampler.Next(Logits, Nothing)]++;
        }

        double[] expected = [0.15, 0.5, 0.1, 0.25];
        Assert.All(expected.Zip(counts), pair => Assert.Equal(pair.First, pair.Second / 20_000.0, 0.0142));
    }

    [Fact]
    public void A_seed_repeats_its_draws_and_without_one_they_differ()
    {
        int[] Draw(long? seed)
        {
            var sampler = new Sampler(new() { Temperature = 1, Seed = seed });
            return [.. Enumerable.Range(0, 64).Select(_ => sampler.Next(Logits, Nothing))];
        }

        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
        Assert.NotEqual(Draw(null), Draw(null));
    }

    [Fact]
    public void Greedy_takes_the_first_of_the_largest() => Assert.Equal(1, new Sampler(new()).Next([1, 3, 2, 3], Nothing));

    // CTRL's rule (Keskar et al., 2019): 3 / 2 = 1.5 and -1 * 2 = -2.
    [Fact]
    public void The_repetition_penalty_divides_positive_and_multiplies_negative_logits()
    {
        var sampler = new Sampler(new() { RepetitionPenalty = 2 });
        Assert.Equal(1, sampler.Next([3, 1.6f], new HashSet<int> { 0 }));
        Assert.Equal(0, sampler.Next([3, 1.4f], new HashSet<int> { 0 }));
        Assert.Equal(1, sampler.Next([-1, -1.9f], new HashSet<int> { 0 }));
        Assert.Equal(0, sampler.Next([-1, -2.1f], new HashSet<int> { 0 }));
    }

    // OpenAI's rule: logit - count * frequency_penalty - (count > 0) * presence_penalty. 3 - 0.5 * 2 - 0.25 = 1.75.
    [Fact]
    public void Presence_counts_once_and_frequency_as_often_as_a_token_came()
    {
        var sampler = new Sampler(new() { PresencePenalty = 0.25, FrequencyPenalty = 0.5 });
        var counts = new Dictionary<int, int> { [0] = 2 };
        Assert.Equal(1, sampler.Next([3, 1.8f], Nothing, counts));
        Assert.Equal(0, sampler.Next([3, 1.7f], Nothing, counts));
        Assert.Equal(0, sampler.Next([3, 1.8f], new HashSet<int> { 0 })); // the prompt's tokens do not count
    }

    [Fact]
    public void The_largest_logits_come_best_first_and_of_equal_ones_the_smaller_id()
    {
        Assert.Equal([1, 3, 4], Sampler.Largest([0.5f, 2, -1, 1, 1], 3).Select(best => best.Id));
        Assert.Equal([2, 0, 1], Sampler.Largest([1, 0, 2], 9).Select(best => best.Id));
    }

    // -(0.15 ln 0.15 + 0.5 ln 0.5 + 0.1 ln 0.1 + 0.25 ln 0.25) = 0.2846 + 0.3466 + 0.2303 + 0.3466
    [Fact]
    public void Entropy_is_that_of_the_softmax_and_an_impossible_token_adds_nothing()
    {
        Assert.Equal(1.20801, Sampler.Entropy(Logits, Sampler.LogSumExp(Logits)), 1e-4);
        float[] sure = [3, float.NegativeInfinity];
        Assert.Equal(0, Sampler.Entropy(sure, 3), 1e-9);
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_softmax() => Assert.Equal(Math.Log(0.25), Sampler.LogProbability(Logits, 3), 1e-6);

    public static TheoryData<string, SamplingOptions> BadOptions => new()
    {
        { "temperature", new() { Temperature = -0.1 } },
        { "temperature", new() { Temperature = double.NaN } },
        { "top_p", new() { TopP = 0 } },
        { "top_p", new() { TopP = 1.1 } },
        { "top_k", new() { TopK = -1 } },
        { "min_p", new() { MinP = 2 } },
        { "repetition_penalty", new() { RepetitionPenalty = 0 } },
        { "presence_penalty", new() { PresencePenalty = 2.1 } },
        { "frequency_penalty", new() { FrequencyPenalty = double.NaN } },
        { "top_logprobs", new() { TopLogProbs = 21 } },
        { "max_tokens", new() { MaxTokens = 0 } },
        { "stop", new() { Stop = [""] } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Options_out_of_range_are_refused_by_name(string name, SamplingOptions options) =>
        Assert.StartsWith(name, Assert.Throws<GenerationException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void A_stop_text_is_found_across_pieces_and_what_only_began_like_one_is_released()
    {
        var stop = new StopText(["END", "\n\n"]);
        Assert.Equal("a ", stop.Push("a E"));
        Assert.Equal("", stop.Push("N"));
        Assert.Equal("ENx", stop.Push("x"));
        Assert.Equal("", stop.Push("\n"));
        Assert.Equal("\nb", stop.Push("b"));
        Assert.Equal("c", stop.Push("cEN"));
        Assert.Equal("", stop.Push("D and more"));
        Assert.Equal("END", stop.Match);
        Assert.Equal("", stop.Push("later") + stop.Flush());

        stop = new StopText(["END"]);
        Assert.Equal("a", stop.Push("aEN"));
        Assert.Equal("EN", stop.Flush());
        Assert.False(stop.Found);
    }

    /// <summary>Odds of 1 to 3, and of 1 to 9 at half the temperature: -1/4 ln 1/4 - 3/4 ln 3/4, and -1/10 ln 1/10 - 9/10 ln 9/10. Whatever top_k leaves.</summary>
    [Theory]
    [InlineData(1.0, 0.5623351446)]
    [InlineData(0.5, 0.3250829733)]
    public void The_entropy_is_that_of_all_tokens_at_the_temperature(double temperature, double entropy)
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = temperature, TopK = 1, Seed = 1 });
        sampler.Next([0f, MathF.Log(3), float.NegativeInfinity], new HashSet<int>());
        Assert.Equal(entropy, sampler.LastEntropy, 1e-6);
    }
}
