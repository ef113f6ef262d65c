using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Workbench.Web.Services.Watching;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Watching;

public sealed class RunColumnsTests : IDisposable
{
    private readonly string folder = TestFolder.Create();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Points_become_columns_with_gaps_told_from_what_is_no_number()
    {
        Write("""
            {"seq":1,"step":1,"epoch":0.1,"time":10,"loss":2.5}
            not a point
            {"seq":2,"step":2,"epoch":0.2,"time":11,"loss":"NaN","grad_norm":1}
            {"seq":3,"step":2,"epoch":0.2,"time":12,"eval_loss":2}
            {"seq":4,"step":3
            """);
        var columns = RunColumns.Read(folder);
        Assert.Equal((3, 4), (columns.Count, columns.Next));
        Assert.Equal(["loss", "grad_norm", "eval_loss"], columns.Names);
        Assert.Equal([1, 2, 2], columns.Steps);
        Assert.Equal([2.5, double.PositiveInfinity, double.NaN], columns.Values("loss"));
        Assert.Equal([double.NaN, 1, double.NaN], columns.Values("grad_norm"));
    }

    [Fact]
    public void A_run_without_metrics_is_empty() => Assert.Equal((0, 1), (RunColumns.Read(folder).Count, RunColumns.Read(folder).Next));

    [Fact]
    public void More_than_one_buffer_is_read_to_the_last_line()
    {
        Write(string.Concat(Enumerable.Range(1, 40_000).Select(i => $"{{\"seq\":{i},\"step\":{i},\"epoch\":0.5,\"time\":1.5,\"loss\":{i}.5}}\n")));
        var columns = RunColumns.Read(folder);
        Assert.Equal((40_000, 40_001), (columns.Count, columns.Next));
        Assert.Equal(Enumerable.Range(1, 40_000).Select(i => i + 0.5), columns.Values("loss"));
    }

    [Fact]
    public void The_packed_form_has_its_header_then_float64_columns_at_a_multiple_of_eight()
    {
        Write("{\"seq\":1,\"step\":7,\"epoch\":0.25,\"time\":100,\"loss\":3}\n");
        var packed = new MemoryStream();
        RunColumns.Read(folder).Write(packed);
        var bytes = packed.ToArray();
        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        Assert.Equal("""{"next":2,"count":1,"names":["loss"]}""", Encoding.UTF8.GetString(bytes, 8, length));
        var start = 8 + ((length + 7) / 8 * 8);
        Assert.Equal([7, 0.25, 100, 3], Enumerable.Range(0, 4).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(start + (i * 8)))));
        Assert.Equal(start + 32, bytes.Length);
    }

    [Fact]
    public void Runs_are_compared_by_their_best_values_and_by_what_differs()
    {
        Write("""
            {"seq":1,"step":1,"epoch":0,"time":1,"loss":2,"mean_token_accuracy":0.5}
            {"seq":2,"step":2,"epoch":0,"time":2,"loss":1,"mean_token_accuracy":0.4}

            """);
        var first = RunColumns.Read(folder);
        Write("""{"seq":1,"step":1,"epoch":0,"time":1,"loss":1.5}""" + "\n");
        var rows = RunComparison.Best([first, RunColumns.Read(folder)]);
        Assert.Equal([("loss", 1.0, 2, true), ("mean_token_accuracy", 0.5, 1, false)], rows.Select(row => (row.Metric, row.Values[0]!.Value, row.Values[0]!.Step, row.Values[0]!.IsBest)));
        Assert.Equal((1.5, false), (rows[0].Values[1]!.Value, rows[0].Values[1]!.IsBest));
        Assert.Null(rows[1].Values[1]);
        var difference = Assert.Single(RunComparison.Differences([JsonSerializer.Serialize(new { seed = 1, lr = 2, run_name = "a" }), JsonSerializer.Serialize(new { seed = 1, lr = 3, run_name = "b" })]));
        Assert.Equal(("lr", "2", "3"), (difference.Key, difference.Values[0], difference.Values[1]));
    }

    /// <summary>What nvidia-smi prints for two GPUs, one without a power meter.</summary>
    [Fact]
    public void A_gpu_is_read_from_nvidia_smi()
    {
        var gpus = MachineMonitor.ParseGpus("NVIDIA H200, 37, 1024, 143771, 41, 120.50\nTesla T4, 0, 3, 15360, 30, [N/A]\n");
        Assert.Equal(new GpuReading("NVIDIA H200", 0.37, 1073741824, 150754820096, 41, 120.5), gpus[0]);
        Assert.Null(gpus[1].Watts);
    }

    [Fact]
    public async Task The_machine_is_read_where_there_is_proc()
    {
        Assert.SkipUnless(File.Exists("/proc/stat"), "needs /proc");
        var reading = await new MachineMonitor().ReadAsync(Environment.ProcessId, TestContext.Current.CancellationToken);
        Assert.InRange(reading.MemoryUsed, 1, reading.MemoryTotal);
        Assert.True(reading.Worker > 1_000_000, $"this process holds {reading.Worker} bytes");
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), text);
}
