using System.Text.Json;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Generation;
using Workbench.Learning.Models;

namespace Workbench.Learning.Tests.Generation;

public sealed class GeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The id that the model finds most probable after <paramref name="ids"/>, computed without a cache.</summary>
    private static int Next(Generator generator, IEnumerable<int> ids)
    {
        int[] prefix = [.. ids];
        return Enumerable.Range(0, generator.Config.VocabSize).MaxBy(id => LogProbabilities.Score(
            generator.Model, [.. prefix, id], [.. prefix.Select(_ => -100), id]).LogpSum);
    }

    [Fact]
    public void With_a_cache_the_answer_is_the_one_without()
    {
        using var generator = Generator.Load(TinyModel.Untied.Write(_folder["m"]));
        var ids = generator.Generate([1, 2, 3, 4], new() { MaxTokens = 6 }).Ids;
        Assert.Equal(6, ids.Count);
        for (var i = 0; i < ids.Count; i++)
        {
            Assert.Equal(Next(generator, [1, 2, 3, 4, .. ids.Take(i)]), ids[i]);
        }
    }

    [Fact]
    public void An_answer_ends_at_max_tokens_at_a_stop_id_or_at_the_end_of_the_context()
    {
        using var generator = Generator.Load(TinyModel.Tied.Write(_folder["m"]));
        var free = generator.Generate([5, 6], new() { MaxTokens = 8 });
        Assert.Equal((FinishReasons.Length, 8, 2, 8), (free.FinishReason, free.Ids.Count, free.PromptTokens, free.CompletionTokens));

        var stop = free.Ids[3];
        var before = free.Ids.TakeWhile(id => id != stop).ToList();
        var stopped = generator.Generate([5, 6], new() { MaxTokens = 8, StopIds = [stop] });
        Assert.Equal(FinishReasons.Stop, stopped.FinishReason);
        Assert.Equal(before, stopped.Ids);
        Assert.Equal(before.Count + 1, stopped.CompletionTokens);

        var whole = generator.Generate([5, 6], new());
        Assert.Equal((FinishReasons.Length, 62), (whole.FinishReason, whole.Ids.Count)); // a context of 64, two of it the prompt's
        Assert.Equal(free.Ids, whole.Ids.Take(8));
    }

    [Fact]
    public void Sampling_is_repeated_by_its_seed_and_starts_afresh_after_an_abandoned_answer()
    {
        using var generator = Generator.Load(TinyModel.Tied.Write(_folder["m"]));
        var options = new SamplingOptions { Temperature = 1, MaxTokens = 20, Seed = 9 };
        var first = generator.Generate([7], options).Ids;
        Assert.Equal(3, generator.Stream([9, 9, 9], options).Take(3).Count());
        Assert.Equal(first, generator.Generate([7], options).Ids);
        Assert.NotEqual(first, generator.Generate([7], options with { Seed = 10 }).Ids);
    }

    [Fact]
    public void Log_probabilities_of_a_stream_add_up_to_the_score_of_the_answer()
    {
        using var generator = Generator.Load(TinyModel.Tied.Write(_folder["m"]));
        var tokens = generator.Stream([3, 4, 5], new() { Temperature = 0.7, TopP = 0.9, MaxTokens = 10, Seed = 1 }).ToList();
        int[] ids = [3, 4, 5, .. tokens.Select(token => token.Id)];
        var score = LogProbabilities.Score(generator.Model, ids, [-100, -100, -100, .. ids.Skip(3)]);
        Assert.Equal(score.LogpSum, tokens.Sum(token => token.LogProbability), 1e-3);
    }

    [Fact]
    public void Each_step_tells_the_best_tokens_with_their_scores_where_it_is_asked_to()
    {
        using var generator = Generator.Load(TinyModel.Untied.Write(_folder["m"]));
        Assert.All(generator.Stream([1, 2, 3], new() { MaxTokens = 3 }), token => Assert.Null(token.Next));
        int[] prefix = [1, 2, 3];
        foreach (var token in generator.Stream(prefix, new() { MaxTokens = 3, TopLogProbs = 4, StopIds = [] }))
        {
            var next = Assert.IsType<NextTokens>(token.Next);
            var scores = Enumerable.Range(0, generator.Config.VocabSize).Select(id => LogProbabilities.Score(
                generator.Model, [.. prefix, id], [.. prefix.Select(_ => -100), id]).LogpSum).ToArray();
            Assert.Equal(scores.Order().Reverse().Take(4), next.Top.Select(best => best.LogProbability), (a, b) => Math.Abs(a - b) < 1e-3);
            Assert.Equal(-scores.Sum(score => Math.Exp(score) * score), next.Entropy, 1e-3);
            Assert.Equal(token.Id, next.Top[0].Id); // greedy
            prefix = [.. prefix, token.Id];
        }
    }

    [Fact]
    public void A_cancelled_answer_ends_and_lets_the_next_one_in()
    {
        using var generator = Generator.Load(TinyModel.Tied.Write(_folder["m"]));
        using var cancel = new CancellationTokenSource();
        var count = 0;
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in generator.Stream([1], new(), cancel.Token))
            {
                if (++count == 3)
                {
                    cancel.Cancel();
                }
            }
        });
        Assert.Equal(3, count);
        Assert.Equal(2, generator.Generate([1], new() { MaxTokens = 2 }).Ids.Count);
    }

    [Fact]
    public void Prompts_that_cannot_be_answered_are_refused()
    {
        using var generator = Generator.Load(TinyModel.Tied.Write(_folder["m"]));
        string Refused(int[] prompt) => Assert.Throws<GenerationException>(() => generator.Generate(prompt, new())).Message;
        Assert.Contains("empty", Refused([]), StringComparison.Ordinal);
        Assert.Contains("64 tokens, but the model's context is 64", Refused(new int[64]), StringComparison.Ordinal);
        Assert.Contains("the id 61, but the model's ids end at 60", Refused([1, 61]), StringComparison.Ordinal);
        Assert.Contains("the id -1", Refused([-1]), StringComparison.Ordinal);
        Assert.Contains("adapter_config.json", Assert.Throws<ModelException>(() => Generator.Load(_folder["m"], "adapter")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_whose_output_is_no_number_says_so()
    {
        var directory = TinyModel.Tied.Write(_folder["m"]);
        var path = Path.Combine(directory, "model.safetensors");
        var weights = File.ReadAllBytes(path);
        BitConverter.TryWriteBytes(weights.AsSpan(weights.Length - 4), float.NaN);
        File.WriteAllBytes(path, weights);
        using var generator = Generator.Load(directory);
        Assert.Contains("not a number", Assert.Throws<GenerationException>(() => generator.Generate([1], new())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stories260K-hf")]
    [InlineData("tinystories656k-clean")]
    public void Real_models_continue_as_the_reference_does(string name)
    {
        var directory = Shared.Require($"assets/models/{name}");
        using var document = JsonDocument.Parse(File.ReadAllText(Shared.Require($"assets/models/golden_{name}.json")));
        var golden = document.RootElement;
        int[] Ids(string key) => [.. golden.GetProperty(key).EnumerateArray().Select(id => id.GetInt32())];
        var expected = Ids("greedy_ids");
        using var generator = Generator.Load(directory);
        var result = generator.Generate(Ids("prompt_ids"), new() { MaxTokens = expected.Length });
        Assert.Equal(expected, result.Ids);
        Assert.Equal(Ids("prompt_ids"), generator.Tokenizer.Tokenizer.Encode(golden.GetProperty("prompt").GetString()!).Ids);
        Assert.EndsWith(result.Text, golden.GetProperty("text").GetString()!, StringComparison.Ordinal);
        Assert.True(result.Text.Length > 50);
    }

    [Fact]
    public void A_story_ends_at_either_stop_id_of_the_generation_configuration()
    {
        using var generator = Generator.Load(Shared.Require("assets/models/stories260K-hf"));
        Assert.Equal([1, 2], generator.Tokenizer.StopIds.Order());
        var result = generator.Generate(generator.Tokenizer.Tokenizer.Encode("Once upon a time").Ids, new());
        Assert.Equal(FinishReasons.Stop, result.FinishReason);
        Assert.DoesNotContain(1, result.Ids);
    }

    [Fact]
    public void A_stop_text_ends_the_answer_before_it_and_pieces_join_to_the_whole()
    {
        using var generator = Generator.Load(Shared.Require("assets/models/stories260K-hf"));
        var prompt = generator.Tokenizer.Tokenizer.Encode("Once upon a time").Ids;
        var whole = generator.Generate(prompt, new() { MaxTokens = 80 });
        Assert.Equal(whole.Text, string.Concat(generator.Stream(prompt, new() { MaxTokens = 80 }).Select(token => token.Text)));
        var stop = whole.Text[10..16];
        var stopped = generator.Generate(prompt, new() { MaxTokens = 80, Stop = [stop] });
        Assert.Equal(whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], stopped.Text);
        Assert.Equal(FinishReasons.Stop, stopped.FinishReason);
    }
}
