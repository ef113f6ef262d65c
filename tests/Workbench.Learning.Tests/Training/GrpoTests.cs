using System.Text.Json;
using TorchSharp;
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

        var losses = GroupRelative.TokenLosses(logps, tensor(OfTokens(row => advantages[row]))) + (divergence * Golden.GetProperty("beta").GetDouble());
        var divisor = type switch { "grpo" => lengths.Length, "dapo" => lengths.Sum(), _ => lengths.Length * Golden.GetProperty("longest").GetInt32() };
        losses = type == "grpo" ? losses / tensor(OfTokens(row => lengths[row])) : losses;
        var loss = losses.sum() / divisor;
        loss.backward();
        var expected = Golden.GetProperty("losses").GetProperty(type);
        Assert.Equal(expected.GetProperty("loss").GetSingle(), loss.item<float>(), 1e-5f);
        Close(Floats(expected.GetProperty("gradient")), logps.grad!.data<float>());
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

    private static List<string> Run(RunConfig config, int? stopAfter = null)
    {
        var points = new List<string>();
        using var stop = new CancellationTokenSource();
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point =>
        {
            points.Add(string.Join(' ', Compared.Select(metric => $"{metric}={point.Values[metric]:R}")));
            if (point.Step == stopAfter)
            {
                stop.Cancel();
            }
        }, stop.Token);
        return points;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_was_stopped_samples_and_learns_as_if_it_had_not_been(bool lora)
    {
        var whole = Run(Config("whole") with { UsePeft = lora, LoraDropout = 0 });
        var stopped = Config("stopped") with { UsePeft = lora, LoraDropout = 0 };
        List<string> parts = [.. Run(stopped, stopAfter: 3), .. Run(stopped)];
        Assert.Equal(6, whole.Count);
        Assert.Equal(whole, parts);
        Assert.NotEqual(whole[0], whole[1]);
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
