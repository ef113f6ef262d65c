using Workbench.Learning.Generation;

namespace Workbench.Learning.Tests.Generation;

/// <summary>Answers computed at the same time are those computed alone.</summary>
public sealed class AnswersTogetherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static (IReadOnlyList<int>, SamplingOptions) Ask(int number, int most = 12) =>
        ([3, 1 + (number % 5), 9], new SamplingOptions { Temperature = 1, Seed = number, MaxTokens = 1 + (number % most) });

    [Fact]
    public void Many_answers_at_once_are_those_asked_one_after_the_other()
    {
        var directory = TinyModel.Untied.Write(_folder["m"]);
        using var alone = Generator.Load(directory);
        using var together = Generator.Load(directory);
        var asked = Enumerable.Range(0, 40).Select(number => Ask(number)).ToList(); // more than are computed at a time
        var answers = together.GenerateAll(asked);
        Assert.Equal(asked.Select(ask => alone.Generate(ask.Item1, ask.Item2).Ids), answers.Select(answer => answer.Ids));
    }

    [Fact]
    public void A_prompt_that_begins_as_another_did_gives_what_it_gives_alone()
    {
        // Longer than two chunks: a context of its own for the tiny model.
        var directory = TinyModel.Tied.Write(_folder["m"]);
        var config = Path.Combine(directory, "config.json");
        File.WriteAllText(config, System.Text.RegularExpressions.Regex.Replace(
            File.ReadAllText(config), "\"max_position_embeddings\":\\s*\\d+", "\"max_position_embeddings\":1024"));
        var common = Enumerable.Range(0, 300).Select(i => (i * 7) % 61).ToArray();
        int[][] prompts = [common, [.. common, 5, 6], [.. common[..256], 8], common[..256], common[..128], [.. common[..200], 60, 2]];
        var options = new SamplingOptions { MaxTokens = 20, Temperature = 0.8, Seed = 3 };
        using var warm = Generator.Load(directory);
        foreach (var prompt in prompts)
        {
            using var cold = Generator.Load(directory);
            var expected = cold.Stream(prompt, options).Select(token => (token.Id, token.LogProbability)).ToList();
            Assert.Equal(expected, warm.Stream(prompt, options).Select(token => (token.Id, token.LogProbability)));
            Assert.Equal(expected, warm.Stream(prompt, options).Select(token => (token.Id, token.LogProbability))); // and from what was kept
        }
    }

    [Fact]
    public async Task A_bad_request_among_many_is_refused_before_any_is_computed_and_a_cancelled_one_leaves_the_others_alone()
    {
        using var generator = Generator.Load(TinyModel.Tied.Write(_folder["m"]));
        Assert.Contains(
            "empty", Assert.Throws<GenerationException>(() => generator.GenerateAll([Ask(1), ([], new())])).Message, StringComparison.Ordinal);

        using var cancel = new CancellationTokenSource();
        var expected = generator.Generate(Ask(11).Item1, Ask(11).Item2).Ids;
        var other = Task.Run(() => generator.Generate(Ask(11).Item1, Ask(11).Item2).Ids, TestContext.Current.CancellationToken);
        using var cancelled = generator.Stream([1], new(), cancel.Token).GetEnumerator();
        Assert.True(cancelled.MoveNext());
        await cancel.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => cancelled.MoveNext());
        Assert.Equal(expected, await other);
    }

    [Fact]
    public void An_unloaded_model_tells_those_who_wait()
    {
        var generator = Generator.Load(TinyModel.Tied.Write(_folder["m"]));
        using var answer = generator.Stream([1], new() { StopIds = [] }).GetEnumerator();
        Assert.True(answer.MoveNext());
        generator.Dispose();

        // Either it was complete before, or its reader is told.
        try
        {
            var count = 1;
            while (answer.MoveNext())
            {
                count++;
            }

            Assert.Equal(63, count);
        }
        catch (GenerationException exception)
        {
            Assert.Contains("unloaded", exception.Message, StringComparison.Ordinal);
        }
    }
}
