using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Learning.Tests.Training;

public sealed class SftTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The run that make_goldens.py describes.</summary>
    private RunConfig Config(TinyModel tiny) => new()
    {
        ModelNameOrPath = tiny.Write(_folder["model"]),
        Dataset = tiny.WriteRows(_folder["rows.jsonl"]),
        OutputDir = _folder["run"],
        Shuffle = false,
        MaxSteps = 20,
        PerDeviceTrainBatchSize = 3,
        GradientAccumulationSteps = 2,
        LearningRate = 5e-3,
        WarmupSteps = 4,
        WeightDecay = 0.1,
        LoggingSteps = 1,
        Device = "cpu",
    };

    private static (TrainingSummary Summary, List<MetricPoint> Points) Run(
        RunConfig config, string? folder = null, Action<MetricPoint>? onMetric = null, CancellationToken stop = default)
    {
        var points = new List<MetricPoint>();
        var summary = Trainer.Run(config, RunFolder.Open(folder ?? config.OutputDir), point =>
        {
            points.Add(point);
            onMetric?.Invoke(point);
        }, stop);
        return (summary, points);
    }

    private static void Relative(double expected, double actual, double tolerance = 1e-4) =>
        Assert.Equal(expected, actual, tolerance * Math.Max(Math.Abs(expected), 1e-8));

    [Theory]
    [InlineData("tied", false)]
    [InlineData("untied", false)]
    [InlineData("tied", true)]
    public void Twenty_steps_are_those_of_pytorch(string name, bool paddingFree)
    {
        var tiny = TinyModel.Named(name);
        var (summary, points) = Run(Config(tiny) with { PaddingFree = paddingFree });
        var expected = tiny.Golden.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(expected.Count, points.Count);
        foreach (var (point, step) in points.Zip(expected))
        {
            Relative(step.GetProperty("loss").GetDouble(), point.Values["loss"]);
            Relative(step.GetProperty("grad_norm").GetDouble(), point.Values["grad_norm"], 1e-3);
            Assert.Equal(step.GetProperty("learning_rate").GetDouble(), point.Values["learning_rate"], 1e-12);
            Relative(step.GetProperty("entropy").GetDouble(), point.Values["entropy"]);
            Assert.Equal(step.GetProperty("mean_token_accuracy").GetDouble(), point.Values["mean_token_accuracy"], 1e-9);
        }

        Relative(expected.Average(step => step.GetProperty("loss").GetDouble()), summary.TrainLoss);
        Assert.Equal((RunStates.Completed, 20, 120.0 / 16), (summary.Status, summary.Steps, summary.Epoch));
        Assert.Equal(summary.NumTokens, points[^1].Values["num_tokens"]);
        Assert.Equal(points.Select(p => p.ToJson()), RunFolder.Open(_folder["run"]).ReadMetrics().Select(p => p.ToJson()));
    }

    [Fact]
    public void The_same_configuration_gives_bit_identical_losses_and_weights()
    {
        var config = Config(TinyModel.Tied) with { Shuffle = true };
        var first = Run(config, _folder["a"]);
        var second = Run(config, _folder["b"]);
        Assert.Equal(first.Points.Select(p => p.Values["loss"]), second.Points.Select(p => p.Values["loss"]));
        Assert.Equal(File.ReadAllBytes(_folder["a/final/model.safetensors"]), File.ReadAllBytes(_folder["b/final/model.safetensors"]));
        var other = Run(config with { Seed = 1 }, _folder["c"]);
        Assert.NotEqual(first.Points.Select(p => p.Values["loss"]), other.Points.Select(p => p.Values["loss"]));
    }

    /// <summary>One step over every row of the set weighs each label the same, however the rows are packed.</summary>
    [Fact]
    public void A_step_over_packed_rows_is_that_over_the_rows_themselves()
    {
        var config = Config(TinyModel.Tied) with { MaxSteps = 1, WarmupSteps = 0, MaxLength = 20, GradientAccumulationSteps = 1 };
        var (plain, plainPoints) = Run(config with { PerDeviceTrainBatchSize = TinyModel.Tied.Rows.Count }, _folder["plain"]);
        var tokens = TinyModel.Tied.Rows.Sum(row => row.InputIds.Length);
        var packs = BestFitDecreasing.Pack([.. TinyModel.Tied.Rows.Select(row => row.InputIds.Length)], 20).Count;
        Assert.InRange(packs, tokens / 20, TinyModel.Tied.Rows.Count - 1);

        var (packed, packedPoints) = Run(config with { Packing = true, PerDeviceTrainBatchSize = packs }, _folder["packed"]);

        foreach (var metric in new[] { "loss", "grad_norm", "entropy", "mean_token_accuracy", "num_tokens", "epoch" })
        {
            Relative(plainPoints[0].Values.GetValueOrDefault(metric), packedPoints[0].Values.GetValueOrDefault(metric));
        }

        Assert.Equal((1.0, 1.0), (plain.Epoch, packed.Epoch));
        Assert.Contains(packed.Notices, notice => notice.StartsWith($"packing: {TinyModel.Tied.Rows.Count} rows became {packs}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stopped_packed_run_resumes_with_bit_identical_losses()
    {
        var config = Config(TinyModel.Tied) with { Packing = true, MaxLength = 20, Shuffle = true, PerDeviceTrainBatchSize = 2 };
        var whole = Run(config, _folder["whole"]).Points;
        using var stop = new CancellationTokenSource();
        var first = Run(config, _folder["parts"], point =>
        {
            if (point.Step == 7)
            {
                stop.Cancel();
            }
        }, stop.Token).Points;
        var second = Run(config, _folder["parts"]).Points;
        Assert.Equal(whole.Select(point => point.Values["loss"]), first.Concat(second).Select(point => point.Values["loss"]));
    }

    [Fact]
    public void A_logged_point_is_the_mean_of_its_steps()
    {
        var every = Run(Config(TinyModel.Tied), _folder["a"]).Points;
        var third = Run(Config(TinyModel.Tied) with { LoggingSteps = 3, LoggingFirstStep = true }, _folder["b"]).Points;
        Assert.Equal([1, 3, 6, 9, 12, 15, 18, 20], third.Select(point => point.Step));
        Assert.Equal(every.Skip(3).Take(3).Average(point => point.Values["loss"]), third[2].Values["loss"], 1e-12);
        Assert.Equal(every.Skip(1).Take(2).Average(point => point.Values["entropy"]), third[1].Values["entropy"], 1e-12);
        Assert.Equal(every[5].Values["grad_norm"], third[2].Values["grad_norm"]);
    }

    [Fact]
    public void A_stopped_run_resumes_with_bit_identical_losses()
    {
        var config = Config(TinyModel.Untied) with { Shuffle = true, LoggingSteps = 2 };
        var whole = Run(config, _folder["whole"]);
        using var stop = new CancellationTokenSource();
        var begun = Run(config, _folder["parts"], point =>
        {
            if (point.Step == 6)
            {
                stop.Cancel();
            }
        }, stop.Token);
        Assert.Equal((RunStates.Stopped, 6), (begun.Summary.Status, begun.Summary.Steps));
        Assert.Equal("stopped", RunFolder.Open(_folder["parts"]).ReadStatus()!.Status);
        Assert.Equal(_folder["parts/checkpoint-6"], begun.Summary.OutputPath);
        var rest = Run(config, _folder["parts"]);
        Assert.Equal(
            whole.Points.Select(p => (p.Step, p.Values["loss"], p.Values["grad_norm"], p.Values["num_tokens"])),
            begun.Points.Concat(rest.Points).Select(p => (p.Step, p.Values["loss"], p.Values["grad_norm"], p.Values["num_tokens"])));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), begun.Points.Concat(rest.Points).Select(p => p.Seq));
        Assert.Equal(whole.Summary.TrainLoss, rest.Summary.TrainLoss);
        Assert.Equal(File.ReadAllBytes(_folder["whole/final/model.safetensors"]), File.ReadAllBytes(_folder["parts/final/model.safetensors"]));
    }

    /// <summary>A killed run has a checkpoint between two logged points; the sums of the open window must survive.</summary>
    [Fact]
    public void A_killed_run_resumes_from_its_latest_complete_checkpoint()
    {
        var config = Config(TinyModel.Tied) with { LoggingSteps = 4, SaveSteps = 3, SaveTotalLimit = 2 };
        var whole = Run(config, _folder["whole"]);
        Assert.Equal([15, 18], RunFolder.Open(_folder["whole"]).Checkpoints());

        Directory.CreateDirectory(_folder["killed"]);
        foreach (var directory in new[] { "checkpoint-15", "checkpoint-18" })
        {
            CopyDirectory(_folder[$"whole/{directory}"], _folder[$"killed/{directory}"]);
        }

        Directory.Move(_folder["killed/checkpoint-18"], _folder["killed/checkpoint-18.tmp"]);
        File.Copy(_folder["whole/config.json"], _folder["killed/config.json"]);
        var rest = Run(config, _folder["killed"]);
        Assert.Equal(
            whole.Points.Where(p => p.Step > 15).Select(p => (p.Step, p.Values["loss"])),
            rest.Points.Select(p => (p.Step, p.Values["loss"])));
        Assert.False(Directory.Exists(_folder["killed/checkpoint-18.tmp"]));
    }

    private static void CopyDirectory(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    [Fact]
    public void A_run_is_not_resumed_with_another_configuration_or_dataset_nor_once_it_is_finished()
    {
        var config = Config(TinyModel.Tied) with { SaveSteps = 5 };
        using var stop = new CancellationTokenSource();
        Run(config, onMetric: _ => stop.Cancel(), stop: stop.Token);
        var changed = Assert.Throws<TrainingException>(() => Run(config with { LearningRate = 1e-3, WeightDecay = 0 }));
        Assert.Contains("other values of learning_rate, weight_decay", changed.Message, StringComparison.Ordinal);
        File.WriteAllLines(config.Dataset, File.ReadAllLines(config.Dataset).Reverse());
        Assert.Contains("other tokens", Assert.Throws<TrainingException>(() => Run(config)).Message, StringComparison.Ordinal);
        File.WriteAllLines(config.Dataset, File.ReadAllLines(config.Dataset).Reverse());
        Assert.Equal(RunStates.Completed, Run(config with { LoggingSteps = 5 }).Summary.Status);
        Assert.Contains("finished run", Assert.Throws<TrainingException>(() => Run(config)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_evaluation_set_is_scored_at_its_steps()
    {
        var config = Config(TinyModel.Tied) with { LoggingSteps = 10, EvalSteps = 8, PerDeviceEvalBatchSize = 5 };
        var points = Run(config with { EvalDataset = config.Dataset }).Points;
        Assert.Equal([8, 10, 16, 20, 20], points.Select(point => point.Step));
        var last = points[^1].Values;
        using var model = PretrainedModel.Load(_folder["run/final"]);
        var scores = TinyModel.Tied.Rows.Select(row => Learning.Evaluation.LogProbabilities.Score(model, row.InputIds, row.Labels)).ToList();
        Relative(-scores.Sum(score => score.LogpSum) / scores.Sum(score => score.Tokens), last["eval_loss"]);
        Assert.Equal(TinyModel.Tied.Rows.Sum(row => row.InputIds.Length), last["eval_num_tokens"]);
        Assert.Contains("eval_mean_token_accuracy", last.Keys);
        Assert.Contains("eval_runtime", last.Keys);
    }

    [Fact]
    public void A_run_that_diverges_shows_it()
    {
        var config = Config(TinyModel.Tied) with { LearningRate = 0.999, MaxGradNorm = 0, LrSchedulerType = "constant", MaxSteps = 3 };
        var weights = File.ReadAllBytes(Path.Combine(config.ModelNameOrPath, "model.safetensors"));
        BitConverter.TryWriteBytes(weights.AsSpan(weights.Length - 4), float.NaN);
        File.WriteAllBytes(Path.Combine(config.ModelNameOrPath, "model.safetensors"), weights);
        var (summary, points) = Run(config);
        Assert.All(points, point => Assert.True(double.IsNaN(point.Values["loss"])));
        Assert.Equal(RunStates.Completed, summary.Status);
        Assert.Contains("\"loss\":\"NaN\"", File.ReadAllText(_folder["run/metrics.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_cut_or_left_out_are_reported_by_line()
    {
        var config = Config(TinyModel.Tied) with { MaxSteps = 1, MaxLength = 4 };
        File.WriteAllLines(config.Dataset,
        [
            """{"input_ids":[1,2,3],"labels":[1,2,3]}""",
            """{"input_ids":[1,2,3],"labels":[-100,-100,-100]}""",
            """{"input_ids":[1,2,3,4,5],"labels":[-100,2,-100,-100,5]}""",
            """{"input_ids":[1,2,3,4,5],"labels":[-100,-100,-100,-100,5]}""",
        ]);
        var notices = string.Join('\n', Run(config).Summary.Notices);
        Assert.Contains("2 of 4 rows were longer than 4 tokens and cut at their end (line 3, 4)", notices, StringComparison.Ordinal);
        Assert.Contains("2 of 4 rows were left out, because nothing in them is trained (line 2, 4)", notices, StringComparison.Ordinal);
        Assert.Contains("line 3, 4", File.ReadAllText(_folder["run/log.txt"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no rows")]
    [InlineData("{\"input_ids\":[1,2],\"labels\":[-100,-100]}", "none of its 1 rows has anything to train on")]
    [InlineData("{\"input_ids\":[1,2],\"labels\":[1,2]}\n{oops", "line 2: not valid JSON")]
    [InlineData("{\"input_ids\":[1,61],\"labels\":[1,2]}", "line 1: input_ids[1] is 61, but the model's embedding has ids from 0 to 60")]
    [InlineData("{\"input_ids\":[1,2],\"labels\":[1,-5]}", "line 1: labels[1] is -5")]
    [InlineData("{\"input_ids\":[1,2],\"labels\":[1]}", "line 1: input_ids has 2 entries, labels has 1")]
    [InlineData("{\"text\":\"hello\"}", "holds no tokenizer.json")]
    public void A_dataset_that_cannot_be_trained_on_fails_before_the_first_step(string rows, string message)
    {
        var config = Config(TinyModel.Tied);
        File.WriteAllText(config.Dataset, rows);
        var error = Assert.Throws<TrainingException>(() => Run(config));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        var status = RunFolder.Open(_folder["run"]).ReadStatus()!;
        Assert.Equal((RunStates.Failed, error.Message), (status.Status, status.Message));
        Assert.False(File.Exists(_folder["run/metrics.jsonl"]));
    }

    [Fact]
    public void A_missing_dataset_and_a_missing_device_are_named()
    {
        var config = Config(TinyModel.Tied);
        Assert.Contains("none.jsonl", Assert.Throws<TrainingException>(() => Run(config with { Dataset = _folder["none.jsonl"] })).Message, StringComparison.Ordinal);
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "this machine has a CUDA device");
        var error = Assert.Throws<TrainingException>(() => Run(config with { Device = "cuda" }));
        Assert.Contains("device is \"cuda\", but libtorch finds no CUDA device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_with_problems_starts_nothing()
    {
        Assert.Throws<RunConfigException>(() => Run(Config(TinyModel.Tied) with { LearningRate = 0 }));
        Assert.False(File.Exists(_folder["run/config.json"]));
    }

    /// <summary>The reference trainer in plain PyTorch beside the project, on the same pre-tokenised file and a real model.</summary>
    [Fact]
    public void Twenty_steps_on_a_real_model_are_those_of_the_reference_trainer()
    {
        var script = Shared.Require("peers/torch_trainer.py");
        var model = Shared.Require("assets/models/stories260K-hf");
        Assert.SkipUnless(PythonHasTorch(), "needs /usr/bin/python3 with torch");
        var random = new SplitMix64(11);
        var rows = Enumerable.Range(0, 32).Select(_ =>
        {
            var ids = Enumerable.Range(0, 20 + (int)random.Below(60)).Select(_ => 3 + (int)random.Below(500)).ToArray();
            return JsonSerializer.Serialize(new { input_ids = ids, labels = ids.Select((id, i) => i < 10 ? -100 : id) });
        });
        File.WriteAllLines(_folder["ids.jsonl"], rows);
        var expected = Python(script, "sft", "--model", model, "--data", _folder["ids.jsonl"], "--steps", "20", "--batch", "2",
            "--accum", "2", "--lr", "1e-3").Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(20).Select(line => JsonDocument.Parse(line).RootElement);
        var config = new RunConfig
        {
            ModelNameOrPath = model, Dataset = _folder["ids.jsonl"], OutputDir = _folder["run"], Shuffle = false, MaxSteps = 20,
            PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 2, LearningRate = 1e-3, LoggingSteps = 1, Device = "cpu",
        };
        foreach (var (step, point) in expected.Zip(Run(config).Points))
        {
            Relative(step.GetProperty("loss").GetDouble(), point.Values["loss"]);
            Relative(step.GetProperty("grad_norm").GetDouble(), point.Values["grad_norm"], 1e-3);
        }
    }

    [Fact]
    public void The_curve_of_preference_training_on_a_real_model_is_that_of_the_reference_trainer()
    {
        var script = Shared.Require("peers/torch_trainer.py");
        var model = Shared.Require("assets/models/stories260K-hf");
        Assert.SkipUnless(PythonHasTorch(), "needs /usr/bin/python3 with torch");
        var random = new SplitMix64(12);
        object Answer(int[] prompt)
        {
            int[] ids = [.. prompt, .. Enumerable.Range(0, 10 + (int)random.Below(30)).Select(_ => 3 + (int)random.Below(500))];
            return new { input_ids = ids, labels = ids.Select((id, i) => i < prompt.Length ? -100 : id) };
        }

        File.WriteAllLines(_folder["pairs.jsonl"], Enumerable.Range(0, 24).Select(_ =>
        {
            var prompt = Enumerable.Range(0, 10).Select(_ => 3 + (int)random.Below(500)).ToArray();
            return JsonSerializer.Serialize(new { chosen = Answer(prompt), rejected = Answer(prompt) });
        }));
        var expected = Python(script, "dpo", "--model", model, "--data", _folder["pairs.jsonl"], "--steps", "12", "--batch", "2",
            "--accum", "2", "--lr", "1e-4").Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(12).Select(line => JsonDocument.Parse(line).RootElement);
        var config = new RunConfig
        {
            Method = "dpo", ModelNameOrPath = model, Dataset = _folder["pairs.jsonl"], OutputDir = _folder["run"], Shuffle = false, MaxSteps = 12,
            PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 2, LearningRate = 1e-4, LoggingSteps = 1, Device = "cpu",
        };
        foreach (var (step, point) in expected.Zip(Run(config).Points))
        {
            Relative(step.GetProperty("loss").GetDouble(), point.Values["loss"], 2e-4);
            Relative(step.GetProperty("grad_norm").GetDouble(), point.Values["grad_norm"], 1e-3);
        }
    }

    private static bool PythonHasTorch() => File.Exists("/usr/bin/python3") && Python("-c", "import importlib.util as u; print(u.find_spec('torch') is not None)").Trim() == "True";

    private static string Python(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"python3 {arguments[0]} ended with {process.ExitCode}"));
        return output;
    }
}
