using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Learning.Tests.Training;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_checkpoint_that_does_not_fit_is_known_before_it_is_written()
    {
        Assert.Null(FreeSpace.Problem("/runs", 1_000, 1_000));
        var problem = FreeSpace.Problem("/runs", 3_000_000_000, 1_250_000_000);
        Assert.Contains("needs 3.00 GB, but the disk of /runs has 1.25 GB free", problem, StringComparison.Ordinal);
        Assert.Throws<TrainingException>(() => FreeSpace.Require(Path.GetTempPath(), long.MaxValue / 2));
    }

    [Fact]
    public void Metrics_are_numbered_lines_and_the_numbering_goes_on_after_a_restart()
    {
        var folder = RunFolder.Open(_temporary["run"]);
        folder.AppendMetric(1, 0.5, new Dictionary<string, double> { ["loss"] = 1.25 });
        folder = RunFolder.Open(_temporary["run"]);
        var point = folder.AppendMetric(2, 1, new Dictionary<string, double> { ["loss"] = double.NaN, ["grad_norm"] = double.PositiveInfinity });
        Assert.Equal(2, point.Seq);
        Assert.Contains("\"loss\":\"NaN\",\"grad_norm\":\"Infinity\"", File.ReadAllLines(folder.MetricsPath)[1], StringComparison.Ordinal);
        var read = folder.ReadMetrics().ToList();
        Assert.Equal((1L, 1, 0.5, 1.25), (read[0].Seq, read[0].Step, read[0].Epoch, read[0].Values["loss"]));
        Assert.True(double.IsNaN(read[1].Values["loss"]));
        Assert.Equal(double.PositiveInfinity, read[1].Values["grad_norm"]);
    }

    [Fact]
    public void Half_a_line_left_by_a_killed_process_does_not_join_the_next()
    {
        var folder = RunFolder.Open(_temporary["run"]);
        folder.AppendMetric(1, 0.5, new Dictionary<string, double> { ["loss"] = 1 });
        File.AppendAllText(folder.MetricsPath, "{\"seq\":2,\"st");
        Assert.Single(folder.ReadMetrics());
        folder = RunFolder.Open(_temporary["run"]);
        folder.AppendMetric(2, 0.5, new Dictionary<string, double> { ["loss"] = 2 });
        Assert.Equal([1L, 2L], folder.ReadMetrics().Select(point => point.Seq));
    }

    [Fact]
    public void Only_complete_checkpoints_are_listed_in_the_order_of_their_steps()
    {
        var folder = RunFolder.Open(_temporary["run"]);
        foreach (var step in new[] { 100, 20, 3 })
        {
            RunFolder.WriteDirectory(folder.CheckpointPath(step), path => File.WriteAllText(Path.Combine(path, "x"), ""));
        }

        Directory.CreateDirectory(_temporary["run/checkpoint-7.tmp"]);
        Directory.CreateDirectory(_temporary["run/checkpoint-x"]);
        Assert.Throws<IOException>(() => RunFolder.WriteDirectory(folder.CheckpointPath(200), _ => throw new IOException("disk full")));
        Assert.Equal([3, 20, 100], folder.Checkpoints());
    }

    [Fact]
    public void Configuration_and_status_read_back()
    {
        var folder = RunFolder.Open(_temporary["run"]);
        var config = new RunConfig { ModelNameOrPath = "m", Dataset = "d", LearningRate = 0.001 };
        folder.WriteConfig(config);
        Assert.Equal(config, folder.ReadConfig());
        Assert.Null(folder.ReadStatus());
        folder.WriteStatus(new RunStatus(RunStates.Failed, 3, 60, "out of memory"));
        var status = folder.ReadStatus()!;
        Assert.Equal(("failed", 3, 60, "out of memory"), (status.Status, status.Step, status.TotalSteps, status.Message));
        Assert.Contains("\"total_steps\": 60", File.ReadAllText(folder.StatusPath), StringComparison.Ordinal);
    }
}
