using System.Text.Json;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Learning.Tests.Training;

/// <summary>Whole curves of methods and optimizers against PyTorch's (Goldens/make_method_goldens.py).</summary>
public sealed class ObjectiveTests : IDisposable
{
    private static readonly JsonElement Goldens = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Goldens", "methods.json"))).RootElement;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunConfig Config => new()
    {
        ModelNameOrPath = TinyModel.Tied.Write(_folder["model"]),
        Dataset = TinyModel.Tied.WriteRows(_folder["rows.jsonl"]),
        OutputDir = _folder["run"],
        Shuffle = false,
        MaxSteps = 8,
        PerDeviceTrainBatchSize = 2,
        GradientAccumulationSteps = 2,
        LearningRate = 5e-3,
        LoggingSteps = 1,
        Device = "cpu",
    };

    private static List<MetricPoint> Run(RunConfig config, Action<MetricPoint>? onMetric = null, CancellationToken stop = default)
    {
        var points = new List<MetricPoint>();
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point =>
        {
            points.Add(point);
            onMetric?.Invoke(point);
        }, stop);
        return points;
    }

    private static void Same(JsonElement steps, List<MetricPoint> points, double tolerance = 2e-4)
    {
        Assert.Equal(steps.GetArrayLength(), points.Count);
        foreach (var (step, point) in steps.EnumerateArray().Zip(points))
        {
            foreach (var metric in step.EnumerateObject())
            {
                var expected = metric.Value.GetDouble();
                Assert.True(
                    Math.Abs(expected - point.Values[metric.Name]) <= tolerance * Math.Max(Math.Abs(expected), 0.01),
                    $"step {point.Step}, {metric.Name}: {expected} expected, {point.Values[metric.Name]} found");
            }
        }
    }

    [Fact]
    public void Label_smoothing_is_that_of_transformers() =>
        Same(Goldens.GetProperty("smoothed"), Run(Config with { LabelSmoothingFactor = 0.1 }));

    [Fact]
    public void Adafactor_is_that_of_transformers() => Same(Goldens.GetProperty("adafactor"), Run(Config with { Optim = "adafactor" }), 1e-3);

    [Fact]
    public void Tokens_are_weighed_by_the_weights_of_their_row()
    {
        var config = Config;
        File.WriteAllLines(config.Dataset, TinyModel.Tied.Rows.Select(row => JsonSerializer.Serialize(new
        {
            input_ids = row.InputIds,
            labels = row.Labels,
            weights = row.InputIds.Select((_, t) => 1 + (t % 3 / 2.0)),
        })));
        Same(Goldens.GetProperty("weighted"), Run(config));
    }

    [Theory]
    [InlineData("[1,2]", "weights must be a list of 3 numbers")]
    [InlineData("[1,-2,1]", "weights must be numbers of at least 0, unlike -2")]
    [InlineData("[1,\"a\",1]", "weights must be numbers of at least 0, unlike \"a\"")]
    public void Weights_that_cannot_be_used_are_named_with_their_line(string weights, string message)
    {
        var config = Config;
        File.WriteAllText(config.Dataset, $$"""{"input_ids":[1,2,3],"labels":[1,2,3],"weights":{{weights}}}""");
        var error = Assert.Throws<TrainingException>(() => Run(config));
        Assert.Contains("line 1: " + message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("adamw_torch")]
    [InlineData("adafactor")]
    [InlineData("adamw_8bit")]
    public void A_resumed_run_draws_the_noise_and_keeps_the_moments_of_one_that_was_never_stopped(string optim)
    {
        var config = Config with { NeftuneNoiseAlpha = 5, Optim = optim, Shuffle = true };
        var whole = Run(config with { OutputDir = _folder["whole"] });
        using var stop = new CancellationTokenSource();
        var begun = Run(config, point =>
        {
            if (point.Step == 3)
            {
                stop.Cancel();
            }
        }, stop.Token);
        var rest = Run(config);
        Assert.Equal(3, begun.Count);
        Assert.Equal(whole.Select(p => p.Values["loss"]), begun.Concat(rest).Select(p => p.Values["loss"]));
        var quiet = Run(config with { OutputDir = _folder["quiet"], NeftuneNoiseAlpha = null });
        Assert.NotEqual(whole[0].Values["loss"], quiet[0].Values["loss"]);
    }

    /// <summary>With a rate that only harms, the first evaluation stays the best.</summary>
    [Fact]
    public void The_best_model_becomes_the_final_one_and_patience_ends_the_run()
    {
        var config = Config with
        {
            EvalDataset = Config.Dataset, EvalSteps = 1, LearningRate = 0.9, LrSchedulerType = "constant", WarmupSteps = 0,
            MaxSteps = 50, LoadBestModelAtEnd = true, EarlyStoppingPatience = 4, SaveTotalLimit = 2, SaveSteps = 1,
        };
        var points = Run(config).Where(point => point.Values.ContainsKey("eval_loss")).ToList();
        var best = points.MinBy(point => point.Values["eval_loss"])!;
        Assert.Equal(best.Step + 4, points[^1].Step);
        var folder = RunFolder.Open(config.OutputDir);
        Assert.Equal([best.Step, points[^1].Step], folder.Checkpoints());
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder.CheckpointPath(best.Step), "model.safetensors")),
            File.ReadAllBytes(Path.Combine(folder.FinalPath, "model.safetensors")));
        Assert.Contains("Stopped early: eval_loss", folder.ReadStatus()!.Message, StringComparison.Ordinal);
        Assert.Equal(RunStates.Completed, folder.ReadStatus()!.Status);
    }

    private RunConfig Pairs(string method)
    {
        var config = Config with { Method = method, MaxSteps = 6, WarmupSteps = 0 };
        File.WriteAllLines(config.Dataset, TinyModel.Tied.Rows.Chunk(2).Select(pair => JsonSerializer.Serialize(new
        {
            chosen = new { input_ids = pair[0].InputIds, labels = pair[0].Labels },
            rejected = new { input_ids = pair[1].InputIds, labels = pair[1].Labels },
        })));
        return config;
    }

    [Theory]
    [InlineData("sigmoid", "sigmoid", 0.0, false)]
    [InlineData("sigmoid", "sigmoid", 0.0, true)]
    [InlineData("smoothed", "sigmoid", 0.1, false)]
    [InlineData("hinge", "hinge", 0.0, false)]
    [InlineData("ipo", "ipo", 0.0, true)]
    [InlineData("robust", "robust", 0.1, false)]
    [InlineData("apo_zero", "apo_zero", 0.0, false)]
    [InlineData("sppo_hard", "sppo_hard", 0.0, false)]
    public void Direct_preference_optimization_is_that_of_trl(string golden, string lossType, double smoothing, bool precompute)
    {
        var config = Pairs("dpo") with { LossType = lossType, LabelSmoothing = smoothing, PrecomputeRefLogProbs = precompute, PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 1 };
        Same(Goldens.GetProperty("dpo").GetProperty(golden), Run(config), 1e-3);
    }

    [Theory]
    [InlineData("sigmoid", 0.1, 1.0)]
    [InlineData("simpo", 2.0, 0.5)]
    [InlineData("hinge", 0.1, 1.0)]
    [InlineData("ipo", 0.1, 1.0)]
    public void Contrastive_preference_optimization_is_that_of_trl(string lossType, double beta, double alpha) =>
        Same(Goldens.GetProperty("cpo").GetProperty(lossType), Run(Pairs("cpo") with
        {
            LossType = lossType, Beta = beta, CpoAlpha = alpha, PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 1,
        }), 1e-3);

    [Fact]
    public void Odds_ratio_preference_optimization_is_that_of_trl() => Same(
        Goldens.GetProperty("orpo"), Run(Pairs("orpo") with { PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 1 }), 1e-3);

    [Fact]
    public void Judged_answers_are_trained_as_trl_does_with_kto()
    {
        var config = Config with
        {
            Method = "kto", MaxSteps = 6, PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 1, UndesirableWeight = 1.5,
        };
        File.WriteAllLines(config.Dataset, TinyModel.Tied.Rows.Select((row, i) =>
            JsonSerializer.Serialize(new { input_ids = row.InputIds, labels = row.Labels, label = i % 2 == 0 })));
        Same(Goldens.GetProperty("kto"), Run(config), 1e-3);
    }

    [Fact]
    public void A_resumed_preference_run_has_the_losses_of_one_that_was_never_stopped()
    {
        var config = Pairs("dpo") with { Shuffle = true };
        var whole = Run(config with { OutputDir = _folder["whole"] });
        using var stop = new CancellationTokenSource();
        var begun = Run(config, _ => stop.Cancel(), stop.Token);
        var rest = Run(config);
        Assert.Single(begun);
        Assert.Equal(
            whole.Select(p => (p.Values["loss"], p.Values["rewards/margins"])),
            begun.Concat(rest).Select(p => (p.Values["loss"], p.Values["rewards/margins"])));
    }

    [Fact]
    public void A_reference_that_changed_under_a_run_is_noticed()
    {
        var config = Pairs("dpo");
        using var stop = new CancellationTokenSource();
        Run(config, _ => stop.Cancel(), stop.Token);
        File.Copy(_folder["run/checkpoint-1/model.safetensors"], _folder["model/model.safetensors"], overwrite: true);
        Assert.Equal(RunStates.Stopped, RunFolder.Open(config.OutputDir).ReadStatus()!.Status);
        var weights = File.ReadAllBytes(_folder["model/model.safetensors"]);
        weights[^1] ^= 1;
        File.WriteAllBytes(_folder["model/model.safetensors"], weights);
        var error = Assert.Throws<TrainingException>(() => Run(config));
        Assert.Contains("has other weights than when", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Preferences_are_evaluated_under_their_names()
    {
        var config = Pairs("dpo") with { EvalSteps = 6 };
        var metrics = Run(config with { EvalDataset = config.Dataset })[^1].Values;
        Assert.InRange(metrics["eval_rewards/accuracies"], 0.5, 1);
        Assert.Equal(metrics["eval_rewards/chosen"] - metrics["eval_rewards/rejected"], metrics["eval_rewards/margins"], 1e-5);
        Assert.Contains("eval_logps/chosen", metrics.Keys);
        Assert.Contains("eval_loss", metrics.Keys);
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("dpo")]
    public void Activations_that_are_made_again_change_at_most_the_last_digit(string method)
    {
        var config = method == "sft" ? Config with { NeftuneNoiseAlpha = 5 } : Pairs("dpo");
        var kept = Run(config with { OutputDir = _folder["kept"] });
        var again = Run(config with { OutputDir = _folder["again"], GradientCheckpointing = true });
        Assert.Equal(config.MaxSteps, again.Count);
        foreach (var (expected, actual) in kept.Zip(again))
        {
            Assert.Equal(expected.Values["loss"], actual.Values["loss"], 1e-6 * Math.Abs(expected.Values["loss"]));
            Assert.Equal(expected.Values["grad_norm"], actual.Values["grad_norm"], 1e-6 * expected.Values["grad_norm"]);
        }
    }

    [Fact]
    public void A_metric_that_no_evaluation_gives_is_named()
    {
        var config = Config with { EvalDataset = Config.Dataset, EvalSteps = 1, LoadBestModelAtEnd = true, MetricForBestModel = "accuracy" };
        var error = Assert.Throws<TrainingException>(() => Run(config));
        Assert.Contains("eval_mean_token_accuracy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoints_of_the_model_only_are_smaller_and_cannot_be_resumed_from()
    {
        var config = Config with { SaveOnlyModel = true };
        using var stop = new CancellationTokenSource();
        Run(config, _ => stop.Cancel(), stop.Token);
        Assert.False(File.Exists(_folder["run/checkpoint-1/optimizer.safetensors"]));
        Assert.True(File.Exists(_folder["run/checkpoint-1/model.safetensors"]));
        Assert.Contains("save_only_model", Assert.Throws<TrainingException>(() => Run(config)).Message, StringComparison.Ordinal);
    }
}
