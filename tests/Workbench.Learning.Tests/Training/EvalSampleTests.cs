using System.Text.Json;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Generation;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Learning.Tests.Training;

/// <summary>What a model in training answers at its evaluations.</summary>
public sealed class EvalSampleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunConfig Config(string name, bool adapter = false)
    {
        var model = TinyModel.Tied.Write(_folder["model"]);
        TinyTokenizer.Write(model);
        File.WriteAllLines(_folder["rows.jsonl"], Rows("abcdefgh"));
        File.WriteAllLines(_folder["eval.jsonl"], Rows("klmnop"));
        return new RunConfig
        {
            ModelNameOrPath = model, Dataset = _folder["rows.jsonl"], EvalDataset = _folder["eval.jsonl"], OutputDir = _folder[name], MaxSteps = 6, EvalSteps = 3,
            LoggingSteps = 1, PerDeviceTrainBatchSize = 4, LearningRate = 1e-2, Device = "cpu", EvalSamples = 2, UsePeft = adapter,
            LoraModulesToSave = adapter ? ["norm"] : null,
        };
    }

    /// <summary>Rows of ids: a question of three letters, and an answer of two.</summary>
    private static IEnumerable<string> Rows(string letters) => letters.Select(letter =>
    {
        var ids = TinyTokenizer.Ids($"{letter}{letter}?ok");
        return JsonSerializer.Serialize(new { input_ids = ids, labels = ids.Select((id, i) => i < 3 ? -100 : id) });
    });

    private static TrainingSummary Run(RunConfig config, Action<MetricPoint>? onMetric = null, CancellationToken stop = default) =>
        Trainer.Run(config, RunFolder.Open(config.OutputDir), onMetric ?? (_ => { }), stop);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_last_answers_are_those_of_the_finished_model(bool adapter)
    {
        var config = Config("run", adapter);
        var summary = Run(config);
        var points = RunFolder.Open(config.OutputDir).ReadSamples();
        Assert.Equal([3, 6], points.Select(point => point.Step));
        Assert.Equal([1, 4], points[1].Samples.Select(sample => sample.Line)); // two of six, evenly
        using var generator = Generator.Load(summary.OutputPath);
        foreach (var sample in points[1].Samples)
        {
            var expected = generator.Generate(TinyTokenizer.Ids(sample.Prompt), new SamplingOptions { Temperature = 0, MaxTokens = EvalSampler.MaxTokens });
            Assert.Equal((expected.Text, expected.FinishReason), (sample.Completion, sample.FinishReason));
            Assert.Equal("ok", sample.Reference);
        }

        var scored = "klmnop".Select((letter, i) =>
        {
            var ids = TinyTokenizer.Ids($"{letter}{letter}?ok");
            return (Line: i + 1, Loss: LogProbabilities.Score(generator.Model, ids, [.. ids.Select((id, at) => at < 3 ? -100 : id)]).Nll);
        }).OrderByDescending(row => row.Loss).Take(5).ToList();
        Assert.Equal(scored.Select(row => row.Line), points[1].Worst.Select(row => row.Line));
        Assert.All(scored.Zip(points[1].Worst), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-5));
    }

    [Fact]
    public void Samples_change_nothing_of_the_training_and_come_again_after_a_resumption()
    {
        List<double> Losses(RunConfig config, int stopAt = int.MaxValue)
        {
            using var stop = new CancellationTokenSource();
            List<double> losses = [];
            Run(config, point =>
            {
                if (point.Values.TryGetValue("loss", out var loss))
                {
                    losses.Add(loss);
                }

                if (point.Step == stopAt)
                {
                    stop.Cancel();
                }
            }, stop.Token);
            return losses;
        }

        var plain = Losses(Config("plain") with { EvalSamples = 0 });
        Assert.Empty(RunFolder.Open(_folder["plain"]).ReadSamples());
        Assert.Equal(plain, Losses(Config("whole")));

        var begun = Losses(Config("resumed"), stopAt: 4);
        Assert.Equal(plain, begun.Concat(Losses(Config("resumed"))));
        var (whole, resumed) = (RunFolder.Open(_folder["whole"]).ReadSamples(), RunFolder.Open(_folder["resumed"]).ReadSamples());
        Assert.Equal(whole.Select(point => point.ToJson()), resumed.Select(point => point.ToJson()));
    }

    [Fact]
    public void Samples_without_evaluation_or_tokenizer_are_refused_with_the_remedy()
    {
        var config = Config("run");
        Assert.Contains("give an eval_dataset", Assert.Single((config with { EvalDataset = null }).Validate()).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(config.ModelNameOrPath, "tokenizer.json"));
        Assert.Contains("set eval_samples to 0", Assert.Throws<TrainingException>(() => Run(config)).Message, StringComparison.Ordinal);
    }
}
