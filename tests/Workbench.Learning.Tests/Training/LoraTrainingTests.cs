using System.Text.Json;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Models.Safetensors;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Training;

public sealed class LoraTrainingTests : IDisposable
{
    private const string Weights = "adapter_model.safetensors";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunConfig Config(string method = "sft") => new()
    {
        Method = method,
        ModelNameOrPath = TinyModel.Tied.Write(_folder["model"]),
        Dataset = Rows(method),
        OutputDir = _folder["run"],
        MaxSteps = 8,
        PerDeviceTrainBatchSize = 4,
        LearningRate = 2e-2,
        LoggingSteps = 1,
        Device = "cpu",
        UsePeft = true,
        LoraR = 4,
        LoraTargetModules = ["all-linear"],
    };

    private string Rows(string method)
    {
        var rows = TinyModel.Tied.Rows;
        File.WriteAllLines(_folder["rows.jsonl"], method switch
        {
            "sft" => rows.Select(row => JsonSerializer.Serialize(new { input_ids = row.InputIds, labels = row.Labels })),
            "kto" => rows.Select((row, i) => JsonSerializer.Serialize(new { input_ids = row.InputIds, labels = row.Labels, label = i % 2 == 0 })),
            _ => Enumerable.Range(0, 8).Select(i => JsonSerializer.Serialize(new
            {
                chosen = new { input_ids = rows[2 * i].InputIds, labels = rows[2 * i].Labels },
                rejected = new { input_ids = rows[(2 * i) + 1].InputIds, labels = rows[(2 * i) + 1].Labels },
            })),
        });
        return _folder["rows.jsonl"];
    }

    private static (TrainingSummary Summary, List<double> Losses) Run(RunConfig config, int stopAt = int.MaxValue)
    {
        var losses = new List<double>();
        using var stop = new CancellationTokenSource();
        var summary = Trainer.Run(config, RunFolder.Open(config.OutputDir), point =>
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
        return (summary, losses);
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("dpo")]
    [InlineData("cpo")]
    [InlineData("orpo")]
    [InlineData("kto")]
    public void Every_method_trains_an_adapter_and_leaves_the_model_alone(string method)
    {
        var config = Config(method) with { LoraModulesToSave = ["lm_head"], MaxSteps = 16 };
        var before = File.ReadAllBytes(_folder["model/model.safetensors"]);
        var (summary, losses) = Run(config);
        Assert.True(losses.TakeLast(4).Average() < losses.Take(4).Average(), string.Join(" ", losses));
        Assert.Equal(before, File.ReadAllBytes(_folder["model/model.safetensors"]));

        // By hand, 16 wide, 24 inside, 8 for keys and values, r 4, two layers: q 128, k 96, v 96, o 128, gate, up and down 160 each; lm_head (61, 16).
        Assert.Equal((2 * (128 + 96 + 96 + 128 + 480)) + (61 * 16), summary.TrainableParameters);
        Assert.Equal(summary.TrainableParameters + 976 + 16 + (2 * (32 + 768 + 1152)), summary.AllParameters);
        using var file = SafetensorsFile.Open(Path.Combine(summary.OutputPath, Weights));
        Assert.Equal(29, file.Header.Tensors.Count);
        Assert.False(File.Exists(Path.Combine(summary.OutputPath, "model.safetensors")));
        Assert.Equal(config.ModelNameOrPath, MergedModel.BaseOf(summary.OutputPath));
    }

    [Theory]
    [InlineData("sft", false)]
    [InlineData("sft", true)]
    [InlineData("dpo", false)]
    [InlineData("kto", false)]
    public void A_stopped_run_resumes_with_bit_identical_losses_and_weights(string method, bool checkpointing)
    {
        var config = Config(method) with { LoraDropout = 0.3, NeftuneNoiseAlpha = method == "sft" ? 5 : null, GradientCheckpointing = checkpointing };
        var (whole, expected) = Run(config with { OutputDir = _folder["whole"] });
        var (_, begun) = Run(config, stopAt: 3);
        Assert.Equal(3, begun.Count);
        var (rest, losses) = Run(config);
        Assert.Equal(expected, begun.Concat(losses));
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.OutputPath, Weights)), File.ReadAllBytes(Path.Combine(rest.OutputPath, Weights)));
    }

    [Theory]
    [InlineData("dpo")]
    [InlineData("kto")]
    public void The_reference_is_the_model_without_its_adapter(string method)
    {
        var (_, off) = Run(Config(method));
        var (_, copy) = Run(Config(method) with { RefModel = _folder["model"], OutputDir = _folder["copy"] });
        Assert.Equal(copy, off);
    }

    [Fact]
    public void Dropout_acts_on_sft_alone()
    {
        var (_, sft) = Run(Config());
        Assert.NotEqual(sft, Run(Config() with { LoraDropout = 0.5, OutputDir = _folder["more"] }).Losses);
        var (_, dpo) = Run(Config("dpo") with { OutputDir = _folder["dpo"] });
        Assert.Equal(dpo, Run(Config("dpo") with { LoraDropout = 0.5, OutputDir = _folder["dpo-more"] }).Losses);
    }

    [Fact]
    public void An_adapter_is_taken_up_where_it_was_left()
    {
        var config = Config() with { LoraDropout = 0, Shuffle = false, PerDeviceTrainBatchSize = 16, LrSchedulerType = "constant" };
        var (first, losses) = Run(config with { MaxSteps = 4 });
        var (_, longer) = Run(config with { MaxSteps = 5, OutputDir = _folder["longer"] });
        var (second, more) = Run(config with { MaxSteps = 1, OutputDir = _folder["more"], AdapterNameOrPath = first.OutputPath, LoraR = 99 });
        Assert.Equal(losses, longer.Take(4));
        Assert.Equal(longer[4], more[0]);
        Assert.Equal(4, LoraConfigFile.Read(second.OutputPath).R);
    }

    [Fact]
    public void The_best_adapter_becomes_the_final_one()
    {
        var config = Config() with { MaxSteps = 30, LearningRate = 0.99, LrSchedulerType = "constant", EvalSteps = 1, LoadBestModelAtEnd = true };
        var (summary, _) = Run(config with { EvalDataset = config.Dataset });
        var best = RunFolder.Open(config.OutputDir).ReadMetrics().Where(point => point.Values.ContainsKey("eval_loss")).MinBy(point => point.Values["eval_loss"])!;
        Assert.NotEqual(30, best.Step);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(_folder["run"], $"checkpoint-{best.Step}", Weights)), File.ReadAllBytes(Path.Combine(summary.OutputPath, Weights)));
    }

    [Fact]
    public void Bfloat16_trains_an_adapter_too()
    {
        var (_, wide) = Run(Config());
        var (_, narrow) = Run(Config() with { Bf16 = true, OutputDir = _folder["narrow"] });
        Assert.Equal(wide[0], narrow[0], 0.05 * wide[0]);
        Assert.True(narrow[^1] < narrow[0]);
    }

    [Fact]
    public void A_base_model_that_changed_under_an_adapter_is_noticed()
    {
        var config = Config();
        Run(config, stopAt: 1);
        var weights = File.ReadAllBytes(_folder["model/model.safetensors"]);
        weights[^1] ^= 1;
        File.WriteAllBytes(_folder["model/model.safetensors"], weights);
        Assert.Contains("under the adapter has other weights", Assert.Throws<TrainingException>(() => Run(config)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_run_does_not_ask_the_reference_again_unless_it_must()
    {
        var config = Config("dpo") with { PrecomputeRefLogProbs = true };
        var (_, expected) = Run(config with { OutputDir = _folder["whole"] });
        var (_, begun) = Run(config, stopAt: 2);
        var kept = Path.Combine(config.OutputDir, "reference_logps.safetensors");
        var written = File.GetLastWriteTimeUtc(kept);
        var (_, middle) = Run(config, stopAt: 4);
        Assert.Equal(written, File.GetLastWriteTimeUtc(kept));

        File.WriteAllText(kept, "damaged");
        var (_, rest) = Run(config);
        Assert.True(new FileInfo(kept).Length > 100);
        Assert.Equal(expected, [.. begun, .. middle, .. rest]);
    }

    public static TheoryData<string, string, string> Problems => new()
    {
        { "lora_r", "\"lora_r\":0", "from 1 to 4096" },
        { "lora_alpha", "\"lora_alpha\":0", "above 0" },
        { "lora_dropout", "\"lora_dropout\":1", "below 1" },
        { "lora_target_modules", "\"lora_target_modules\":[\"q_proj\",\"c_attn\"]", "lora_target_modules names \"c_attn\"" },
        { "lora_target_modules", "\"lora_target_modules\":\"(q_proj\"", "no regular expression" },
        { "lora_target_modules", "\"lora_target_modules\":\"lm_head\"", "name it in lora_modules_to_save" },
        { "lora_modules_to_save", "\"lora_modules_to_save\":[\"router\"]", "choose among embed_tokens, q_proj" },
        { "adapter_name_or_path", "\"adapter_name_or_path\":\"\"", "is empty" },
        { "rank_pattern", "\"rank_pattern\":{}", "no known option" },
        { "use_dora", "\"use_dora\":true", "DoRA" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Options_that_cannot_be_used_are_named_with_the_remedy(string key, string json, string said)
    {
        var error = Assert.Throws<RunConfigException>(() =>
            RunConfig.Parse("{\"model_name_or_path\":\"m\",\"dataset\":\"d\",\"use_peft\":true," + json + "}"));
        var problem = Assert.Single(error.Problems);
        Assert.Equal(key, problem.Key);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_without_use_peft_and_a_learning_rate_for_whole_models_are_pointed_out()
    {
        var problem = Assert.Single((Config() with { UsePeft = false, AdapterNameOrPath = "a" }).Validate());
        Assert.Contains("set use_peft to true", problem.Message, StringComparison.Ordinal);
        Assert.Contains(Run(Config() with { LearningRate = 2e-5 }).Summary.Notices, notice => notice.Contains("ten times as much", StringComparison.Ordinal));
    }

    [Fact]
    public void A_regular_expression_chooses_modules_and_one_that_finds_none_is_named()
    {
        var (summary, _) = Run(Config() with { LoraTargetModules = [@".*\.1\.self_attn\.(q|o)_proj"], MaxSteps = 1 });
        using (var model = PretrainedModel.Load(_folder["model"]))
        using (var adapter = AdapterFolder.Read(summary.OutputPath, model))
        {
            Assert.Equal(["model.layers.1.self_attn.q_proj", "model.layers.1.self_attn.o_proj"], adapter.Modules.Select(module => module.Name));
        }

        var none = Config() with { LoraTargetModules = [@".*\.7\..*"], OutputDir = _folder["none"] };
        Assert.Contains("leaves no module to adapt", Assert.Throws<ModelException>(() => Run(none)).Message, StringComparison.Ordinal);
    }
}
