using System.Text.Json;
using TorchSharp;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training.Grpo;
using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Training;

/// <summary>GRPO against PyTorch (Goldens/make_grpo_goldens.py), and whole runs.</summary>
public sealed class GrpoTests : IDisposable
{
    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Goldens", "grpo.json"))).RootElement;

    private static readonly string[] Compared = ["loss", "grad_norm", "reward", "reward_std", "kl", "completions/mean_length", "num_tokens"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static float[] Floats(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetSingle())];

    private static void Close(float[] expected, IEnumerable<float> found) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

    [Theory]
    [InlineData(true, "scaled")]
    [InlineData(false, "centred")]
    public void Advantages_are_those_of_the_group(bool scale, string golden) => Close(
        Floats(Golden.GetProperty(golden)),
        Golden.GetProperty("groups").EnumerateArray().SelectMany(group => GroupRelative.Advantages([.. Floats(group).Select(reward => (double)reward)], scale)).Select(value => (float)value));

    [Theory]
    [InlineData("dapo")]
    [InlineData("grpo")]
    [InlineData("dr_grpo")]
    public void Losses_and_gradients_are_those_of_TRL(string type)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [.. Golden.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32())];
        float[] OfTokens(Func<int, float> value) => [.. lengths.Index().SelectMany(row => Enumerable.Repeat(value(row.Index), row.Item))];
        var advantages = Floats(Golden.GetProperty("scaled"));
        var logps = tensor(Floats(Golden.GetProperty("logps")), requires_grad: true);
        var divergence = GroupRelative.Divergence(logps, tensor(Floats(Golden.GetProperty("reference"))));
        Close(Floats(Golden.GetProperty("kl")), divergence.detach().data<float>());

        var losses = GroupRelative.TokenLosses(logps, logps.detach(), tensor(OfTokens(row => advantages[row])), 0.8, 1.2) + (divergence * Golden.GetProperty("beta").GetDouble());
        var divisor = type switch { "grpo" => lengths.Length, "dapo" => lengths.Sum(), _ => lengths.Length * Golden.GetProperty("longest").GetInt32() };
        losses = type == "grpo" ? losses / tensor(OfTokens(row => lengths[row])) : losses;
        var loss = losses.sum() / divisor;
        loss.backward();
        var expected = Golden.GetProperty("losses").GetProperty(type);
        Assert.Equal(expected.GetProperty("loss").GetSingle(), loss.item<float>(), 1e-5f);
        Close(Floats(expected.GetProperty("gradient")), logps.grad!.data<float>());
    }

    [Fact]
    public void The_second_step_on_the_same_answers_is_clipped_as_PyTorch_clips_it()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.GetProperty("two_steps");
        int[] lengths = [.. Golden.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32())];
        var scaled = Floats(Golden.GetProperty("scaled"));
        var advantages = tensor(lengths.Index().SelectMany(row => Enumerable.Repeat(scaled[row.Index], row.Item)).ToArray());
        var tokens = tensor(golden.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt64()).ToArray()).unsqueeze(1);
        var table = tensor(golden.GetProperty("table").EnumerateArray().SelectMany(Floats).ToArray()).reshape(-1, 5);
        var (low, high, rate) = (golden.GetProperty("low").GetDouble(), golden.GetProperty("high").GetDouble(), golden.GetProperty("rate").GetDouble());
        Tensor? old = null;
        foreach (var step in golden.GetProperty("steps").EnumerateArray())
        {
            var policy = table.detach().requires_grad_(true);
            var logps = nn.functional.log_softmax(policy, -1).gather(1, tokens).squeeze(1);
            old ??= logps.detach();
            var loss = GroupRelative.TokenLosses(logps, old, advantages, low, high).sum() / lengths.Sum();
            loss.backward();
            Assert.Equal(step.GetProperty("loss").GetSingle(), loss.item<float>(), 1e-5f);
            Close(Floats(step.GetProperty("gradient")), policy.grad!.flatten().data<float>());
            Assert.Equal(
                (step.GetProperty("clipped_low").GetDouble(), step.GetProperty("clipped_high").GetDouble()),
                GroupRelative.Clipped(logps, old, advantages, low, high));
            table = table - (policy.grad! * (rate * lengths.Sum() * 0.1));
        }
    }

    private RunConfig Config(string name)
    {
        var model = TinyModel.Tied.Write(_folder["model"]);
        TinyTokenizer.Write(model);
        File.WriteAllLines(_folder["rows.jsonl"], ["""{"prompt":"hi","answer":"a"}""", """{"prompt":"ha","answer":"b"}"""]);
        return new RunConfig
        {
            Method = "grpo",
            ModelNameOrPath = model,
            Dataset = _folder["rows.jsonl"],
            OutputDir = _folder[name],
            RewardFuncs = ["regex"],
            RewardKwargs = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"regex":{"pattern":"[a-m]"}}"""),
            NumGenerations = 4,
            MaxCompletionLength = 6,
            PerDeviceTrainBatchSize = 4,
            GradientAccumulationSteps = 2,
            LearningRate = 1e-2,
            Beta = 0.05,
            MaxSteps = 6,
            LoggingSteps = 1,
            SaveSteps = 1,
            Device = "cpu",
        };
    }

    private static string Line(MetricPoint point) =>
        string.Join(' ', Compared.Where(point.Values.ContainsKey).Select(metric => $"{metric}={point.Values[metric]:R}"));

    private static List<string> Run(RunConfig config, int? stopAfter = null)
    {
        var points = new List<string>();
        using var stop = new CancellationTokenSource();
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point =>
        {
            points.Add(Line(point));
            if (point.Step == stopAfter)
            {
                stop.Cancel();
            }
        }, stop.Token);
        return points;
    }

    [Fact]
    public void A_reward_model_judges_and_a_judge_that_holds_up_every_step_is_refused()
    {
        var judge = TinyModel.Tied.WriteReward(_folder["judge"]);
        TinyTokenizer.Write(judge);
        static Dictionary<string, JsonElement> Kwargs(string name, string own) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>($$"""{"{{name}}":{{own}}}""")!;
        var config = Config("judged") with { RewardFuncs = ["reward_model"], RewardKwargs = Kwargs("reward_model", $$"""{"folder":"{{judge}}"}""") };

        var means = new List<double>();
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point => means.AddRange(point.Values.Where(value => value.Key == "rewards/reward_model/mean").Select(value => value.Value)), CancellationToken.None);
        Assert.Equal(6, means.Count);
        Assert.All(means, mean => Assert.InRange(mean, 1e-6, 1 - 1e-6));

        var lost = config with { OutputDir = _folder["lost"], RewardKwargs = Kwargs("reward_model", """{"folder":"/nowhere"}""") };
        Assert.Contains("/nowhere", Assert.Throws<TrainingException>(() => Run(lost)).Message, StringComparison.Ordinal);
        var slow = config with { OutputDir = _folder["slow"], RewardFuncs = ["judge"], RewardKwargs = Kwargs("judge", """{"model":"m"}""") };
        Assert.Contains("hold up every step", Assert.ThrowsAny<Exception>(() => Run(slow)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void A_run_that_was_stopped_samples_and_learns_as_if_it_had_not_been(bool lora, int iterations)
    {
        var whole = Run(Config("whole") with { UsePeft = lora, LoraDropout = 0, NumIterations = iterations });
        var stopped = Config("stopped") with { UsePeft = lora, LoraDropout = 0, NumIterations = iterations };
        List<string> parts = [.. Run(stopped, stopAfter: 3), .. Run(stopped)];
        Assert.Equal(6, whole.Count);
        Assert.Equal(whole, parts);
        Assert.NotEqual(whole[0], whole[1]);
    }

    /// <summary>Nearly all of such a step is sampling: the stops fall into it.</summary>
    [Fact]
    public void A_run_that_is_stopped_while_it_samples_goes_on_as_if_it_had_not_been()
    {
        RunConfig Long(string name) => Config(name) with
        {
            NumGenerations = 32, PerDeviceTrainBatchSize = 32, GradientAccumulationSteps = 1, MaxCompletionLength = 24, MaxSteps = 3, SaveStrategy = "no",
        };
        var whole = Run(Long("whole"));
        var parts = new List<string>();
        for (var patience = 100; parts.Count < 3; patience += 100)
        {
            using var stop = new CancellationTokenSource(patience);
            var config = Long("stopped");
            Trainer.Run(config, RunFolder.Open(config.OutputDir), point => parts.Add(Line(point)), stop.Token);
        }

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Sampling_ends_when_it_is_told_to()
    {
        using var scope = NewDisposeScope();
        var config = Config("stops") with { MaxCompletionLength = 40 };
        using var model = Workbench.Learning.Models.Hub.PretrainedModel.Load(config.ModelNameOrPath, CPU);
        var rollouts = new Rollouts(config, model, PretrainedTokenizer.Load(config.ModelNameOrPath));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => rollouts.Sample([[1, 2, 3]], 0, stop.Token));
    }

    [Fact]
    public void Several_steps_train_the_same_answers_and_say_how_much_was_clipped()
    {
        var points = new List<MetricPoint>();
        var config = Config("iterations") with { NumIterations = 3, Epsilon = 0.01, LearningRate = 0.05 };
        var summary = Trainer.Run(config, RunFolder.Open(config.OutputDir), points.Add);
        Assert.Equal([1 / 3.0, 2 / 3.0, 1, 4 / 3.0, 5 / 3.0, 2], points.Select(point => point.Epoch), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal([true, false, false, true, false, false], points.Select(point => point.Values.ContainsKey("reward")));
        Assert.Equal(0, points[0].Values["clip_ratio/region_mean"]);
        Assert.True(points[1].Values["clip_ratio/region_mean"] > 0);
        Assert.Equal(6, summary.Steps);
        Assert.InRange(points[0].Values["entropy"], 3.5, Math.Log(Workbench.Learning.Models.Decoder.DecoderConfigReader.Read(config.ModelNameOrPath).VocabSize)); // random weights
    }

    [Fact]
    public void Answers_are_kept_with_what_each_reward_says_of_them()
    {
        var rewards = new List<double>();
        var config = Config("kept") with { MaxSteps = 2, PerDeviceTrainBatchSize = 4, GradientAccumulationSteps = 1 };
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point => rewards.Add(point.Values["reward"]));
        var points = CompletionFile.Read(config.OutputDir);
        Assert.Equal([1, 2], points.Select(point => point.Step));
        Assert.All(points.Zip(rewards), pair =>
        {
            var group = Assert.Single(pair.First.Groups);
            Assert.Equal(4, group.Completions.Count);
            Assert.Equal(pair.Second, group.Completions.Average(answer => answer.Reward), 1e-9);
            Assert.Equal(0, group.Completions.Sum(answer => answer.Advantage), 1e-6);
            Assert.All(group.Completions, answer =>
            {
                Assert.InRange(answer.Tokens, 1, 6);
                Assert.Equal(answer.Text.Any(character => character is >= 'a' and <= 'm') ? 1 : 0, answer.Reward);
                Assert.Equal(answer.Reward, Assert.Single(answer.Rewards).Score);
            });
        });
    }

    [Fact]
    public void Kept_answers_stay_below_the_limit_and_cover_the_whole_run()
    {
        for (var step = 1; step <= 100; step++)
        {
            CompletionFile.Append(_folder.Path, new CompletionPoint(step, []), maxBytes: 1000);
        }

        var steps = CompletionFile.Read(_folder.Path).Select(point => point.Step).ToList();
        Assert.InRange(steps.Count, 10, 50);
        Assert.Equal(100, steps[^1]);
        Assert.True(steps[0] < 40, string.Join(' ', steps));
    }

    /// <summary>An answer of 6 of about 60 ids holds a certain one by chance in about a tenth of all cases.</summary>
    [Fact]
    public void What_is_rewarded_becomes_more_probable()
    {
        var rewards = new List<double>();
        var config = Config("learns") with
        {
            RewardKwargs = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"regex":{"pattern":"a"}}"""),
            PerDeviceTrainBatchSize = 16,
            NumGenerations = 16,
            Beta = 0,
            MaxSteps = 40,
            SaveStrategy = "no",
        };
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point => rewards.Add(point.Values["reward"]));
        Assert.True(rewards.TakeLast(8).Average() > rewards.Take(8).Average() + 0.3, string.Join(' ', rewards));
    }

    [Theory]
    [InlineData("\"num_generations\":3", "num_generations (3) must divide")]
    [InlineData("\"reward_funcs\":\"numerik\"", "The rewards cannot be read")]
    [InlineData("\"reward_funcs\":[]", "reward_funcs is missing")]
    [InlineData("\"reward_funcs\":\"numeric\",\"reward_kwargs\":{\"exact\":{}}", "reward_kwargs has options for exact")]
    [InlineData("\"num_iterations\":0", "num_iterations must be from 1")]
    [InlineData("\"epsilon\":1", "epsilon must be above 0 and below 1")]
    [InlineData("\"temperature\":0", "temperature must be above 0")]
    public void Options_that_cannot_work_are_refused_with_the_remedy(string option, string message)
    {
        var error = Assert.Throws<RunConfigException>(() => RunConfig.Parse(
            $$"""{"method":"grpo","model_name_or_path":"m","dataset":"d",{{option}}}"""));
        Assert.Contains(error.Problems, problem => problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_for_its_answer_is_named()
    {
        var config = Config("long") with { MaxCompletionLength = 100_000 };
        var error = Assert.Throws<TrainingException>(() => Run(config));
        Assert.Contains("line 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("max_completion_length (100000)", error.Message, StringComparison.Ordinal);
    }
}
