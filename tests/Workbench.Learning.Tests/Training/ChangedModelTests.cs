using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Models;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Learning.Tests.Training;

/// <summary>A model folder that changes, or goes, under a run.</summary>
public sealed class ChangedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunConfig Config()
    {
        File.WriteAllLines(_folder["rows.jsonl"], TinyModel.Tied.Rows.Select(row => JsonSerializer.Serialize(new { input_ids = row.InputIds, labels = row.Labels })));
        var model = TinyModel.Tied.Write(_folder["model"]);
        File.WriteAllText(Path.Combine(model, "generation_config.json"), """{"temperature":0.7}""");
        return new RunConfig
        {
            ModelNameOrPath = model, Dataset = _folder["rows.jsonl"], OutputDir = _folder["run"], MaxSteps = 4, LoggingSteps = 1, Device = "cpu",
            PerDeviceTrainBatchSize = 4,
        };
    }

    private static TrainingSummary Run(RunConfig config, Action<MetricPoint> onMetric, CancellationToken stop = default) =>
        Trainer.Run(config, RunFolder.Open(config.OutputDir), onMetric, stop);

    /// <summary>Trains two steps and stops.</summary>
    private static void Begin(RunConfig config)
    {
        using var stop = new CancellationTokenSource();
        Run(config, point =>
        {
            if (point.Step == 2)
            {
                stop.Cancel();
            }
        }, stop.Token);
    }

    [Fact]
    public void A_run_whose_model_folder_goes_while_it_trains_saves_what_it_would_have_saved()
    {
        var config = Config();
        var expected = Run(config with { OutputDir = _folder["undisturbed"] }, _ => { });
        var summary = Run(config, point =>
        {
            if (point.Step == 2)
            {
                Directory.Delete(config.ModelNameOrPath, recursive: true);
            }
        });
        foreach (var name in new[] { "config.json", "generation_config.json", "model.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(expected.OutputPath, name)), File.ReadAllBytes(Path.Combine(summary.OutputPath, name)));
        }
    }

    [Fact]
    public void A_whole_model_goes_on_from_its_checkpoint_without_the_folder_that_it_came_from()
    {
        var config = Config();
        Begin(config);
        File.WriteAllText(Path.Combine(config.ModelNameOrPath, "generation_config.json"), """{"temperature":0.1}""");
        File.Delete(Path.Combine(config.ModelNameOrPath, "model.safetensors"));
        var summary = Run(config, _ => { });
        Assert.Equal(RunStates.Completed, summary.Status);
        Assert.Equal("""{"temperature":0.7}""", File.ReadAllText(Path.Combine(summary.OutputPath, "generation_config.json")));
    }

    [Fact]
    public void An_adapter_does_not_go_on_under_another_configuration_of_its_model()
    {
        var config = Config() with { UsePeft = true };
        Begin(config);
        var path = Path.Combine(config.ModelNameOrPath, "config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json["rope_theta"] = 123456;
        File.WriteAllText(path, json.ToJsonString());
        var error = Assert.Throws<TrainingException>(() => Run(config, _ => { }));
        Assert.Contains("another config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("restore it", error.Message, StringComparison.Ordinal);

        Directory.Delete(config.ModelNameOrPath, recursive: true);
        Assert.Contains(config.ModelNameOrPath, Assert.Throws<ModelException>(() => Run(config, _ => { })).Message, StringComparison.Ordinal);
    }
}
