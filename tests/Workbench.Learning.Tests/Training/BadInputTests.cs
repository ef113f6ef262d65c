using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Learning.Training.Planning;

namespace Workbench.Learning.Tests.Training;

/// <summary>What goes wrong around a run, as its owner is told of it; wrong options are in RunConfigTests, wrong rows in SftTrainerTests.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunConfig Config()
    {
        var model = TinyModel.Tied.Write(_folder["model"]);
        TinyTokenizer.Write(model);
        File.WriteAllLines(_folder["rows.jsonl"], Enumerable.Range(0, 8).Select(i => $$"""{"text":"one more row of text {{i}}"}"""));
        return new RunConfig
        {
            ModelNameOrPath = model, Dataset = _folder["rows.jsonl"], OutputDir = _folder["run"], Device = "cpu",
            PerDeviceTrainBatchSize = 2, MaxSteps = 4, LoggingSteps = 1, SaveSteps = 2, LearningRate = 1e-3,
        };
    }

    private static List<(int Step, double Loss)> Run(RunConfig config)
    {
        var losses = new List<(int, double)>();
        Trainer.Run(config, RunFolder.Open(config.OutputDir), point => losses.Add((point.Step, point.Values["loss"])));
        return losses;
    }

    [Fact]
    public void Rows_beyond_the_context_are_cut_at_it_and_the_owner_is_told()
    {
        var config = Config() with { MaxLength = 100_000 };
        var context = DecoderConfigReader.Read(config.ModelNameOrPath).MaxPositionEmbeddings;
        File.WriteAllText(config.Dataset, $$"""{"text":"{{new string('a', (2 * context) + 10)}}"}""");
        Run(config);
        var log = File.ReadAllText(RunFolder.Open(config.OutputDir).LogPath);
        Assert.Contains($"max_length is 100000, above the model's context of {context} tokens: {context} is used.", log, StringComparison.Ordinal);
        Assert.Contains($"longer than {context} tokens and cut at their end", log, StringComparison.Ordinal);
    }

    /// <summary>What a full disk or a lost permission does to a checkpoint: nothing more can be written into it.</summary>
    [Fact]
    public void A_checkpoint_that_cannot_be_written_ends_the_run_with_the_reason_and_the_run_goes_on_from_the_one_before()
    {
        var whole = Run(Config() with { OutputDir = _folder["whole"] });
        var config = Config();
        Directory.CreateDirectory(config.OutputDir);
        var obstacle = Path.Combine(config.OutputDir, "checkpoint-4.tmp");
        File.WriteAllText(obstacle, "");
        var error = Assert.Throws<TrainingException>(() => Run(config));
        Assert.StartsWith($"{config.OutputDir} cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("can be resumed", error.Message, StringComparison.Ordinal);
        Assert.Equal((RunStates.Failed, error.Message), (RunFolder.Open(config.OutputDir).ReadStatus()!.Status, RunFolder.Open(config.OutputDir).ReadStatus()!.Message));

        File.Delete(obstacle);
        Assert.Equal(whole.Where(point => point.Step > 2), Run(config));
    }

    [Fact]
    public void A_machine_with_room_has_no_problem_with_a_run() =>
        Assert.Empty(LaunchChecks.Of(Config(), Model, 1e6, "/runs", memory: 8e9, disk: 1e9));

    [Fact]
    public void Memory_and_disk_that_cannot_do_are_named_with_both_figures_and_what_to_lower()
    {
        var problems = LaunchChecks.Of(Config(), Model, diskBytes: 3.5e9, "/runs", memory: 10_000, disk: 1.25e9);
        Assert.Equal(["memory", "disk"], problems.Select(problem => problem.Rule));
        Assert.Contains("this machine has 0.0 GB in all", problems[0].Problem, StringComparison.Ordinal);
        Assert.Contains("use_peft", problems[0].Problem, StringComparison.Ordinal);
        Assert.Contains("about 3.50 GB, but the disk of /runs has 1.25 GB free", problems[1].Problem, StringComparison.Ordinal);
        Assert.Contains("save_total_limit", problems[1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_known_before_the_run_is_queued()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "this machine has a CUDA device");
        var problem = Assert.Single(LaunchChecks.Of(Config() with { Device = "cuda:1" }, Model, null, "/runs", 8e9, 1e9));
        Assert.Equal("no-device", problem.Rule);
        Assert.Contains("set device to \"cpu\"", problem.Problem, StringComparison.Ordinal);
    }

    private DecoderConfig Model => DecoderConfigReader.Read(_folder["model"]);
}
