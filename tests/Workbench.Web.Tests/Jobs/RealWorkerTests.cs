using System.Diagnostics;
using System.Text.Json;
using Workbench.Web.Jobs;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Jobs;

/// <summary>The application's own executable as the worker, on a real model.</summary>
public sealed class RealWorkerTests
{
    private static readonly string[] Compared = ["step", "epoch", "loss", "grad_norm", "learning_rate"];

    [Fact]
    public async Task A_run_in_a_worker_has_the_losses_of_the_same_run_in_the_train_verb_to_the_last_digit()
    {
        await using var services = await TestServices.StartAsync();
        var run = await services.Get<RunService>().CreateAsync(Config(services.Root, maxSteps: 4), "tuned");
        var ended = await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.True(ended.Status == RunStatus.Completed, ended.StatusReason);

        var output = Path.Combine(services.Root, "headless");
        var config = Path.Combine(services.Root, "config.json");
        await File.WriteAllTextAsync(config, Config(services.Root, maxSteps: 4, output));
        var verb = await VerbRun.OfAsync(["train", config]);
        Assert.Equal(0, verb.Code);

        var worker = (await services.Get<RunService>().MetricsAsync(run.Id)).Select(metric => Losses(metric.Json)).ToList();
        Assert.Equal(4, worker.Count);
        Assert.Equal(worker, verb.Lines.SkipLast(1).Select(Losses));
        Assert.Equal("completed", verb[verb.Lines.Count - 1].GetProperty("status").GetString());

        var model = Assert.Single(await services.Get<ModelService>().ListAsync());
        Assert.Equal(("tuned", run.Id), (model.Name, model.ParentRunId));
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(model.Path, "model.safetensors")),
            await File.ReadAllBytesAsync(Path.Combine(output, "final", "model.safetensors")));
    }

    [Fact]
    public async Task A_killed_run_goes_on_where_it_is_resumed_and_stops_with_a_checkpoint()
    {
        await using var services = await TestServices.StartAsync();
        var runs = services.Get<RunService>();
        var run = await runs.CreateAsync(Config(services.Root, maxSteps: 100_000)); // more than it will get to
        await services.UntilAsync(run.Id, r => r.LastSeq >= 6);
        Process.GetProcessById(WorkerIdentity.Read(run.Folder)!.Pid).Kill();
        var interrupted = await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal(RunStatus.Interrupted, interrupted.Status);
        Assert.Contains("SIGKILL", interrupted.StatusReason, StringComparison.Ordinal);

        await runs.ResumeAsync(run.Id);
        await services.UntilAsync(run.Id, r => r.LastSeq > interrupted.LastSeq);
        await runs.StopAsync(run.Id);
        var stopped = await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal(RunStatus.Stopped, stopped.Status);
        Assert.Contains($"checkpoint-{stopped.Step}", Directory.EnumerateDirectories(run.Folder).Select(Path.GetFileName));

        var metrics = (await runs.MetricsAsync(run.Id)).Select(metric => JsonSerializer.Deserialize<JsonElement>(metric.Json)).ToList();
        Assert.Equal(Enumerable.Range(1, metrics.Count).Select(i => (long)i), metrics.Select(metric => metric.GetProperty("seq").GetInt64()));
        var resumedAt = metrics[(int)interrupted.LastSeq].GetProperty("step").GetInt64();
        Assert.True(resumedAt > 1, "it began from the start instead of from a checkpoint");
    }

    [Fact]
    public async Task A_training_error_is_the_runs_reason()
    {
        await using var services = await TestServices.StartAsync();
        var config = Config(services.Root, maxSteps: 4);
        await File.WriteAllTextAsync(Path.Combine(services.Root, "ids.jsonl"), """{"input_ids":[1,2,99999],"labels":[1,2,99999]}""" + "\n");
        var run = await services.Get<RunService>().CreateAsync(config);
        var ended = await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal(RunStatus.Failed, ended.Status);
        Assert.Contains("99999", ended.StatusReason, StringComparison.Ordinal);
    }

    private static string Config(string root, int maxSteps, string? output = null)
    {
        var model = Shared.Require(BrokenModels.Good);
        Assert.SkipUnless(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "libworkbench_torch.so")), "needs the native shim (src/Workbench.Torch/Native/build.sh)");
        var data = Path.Combine(root, "ids.jsonl");
        File.WriteAllLines(data, Enumerable.Range(0, 16).Select(i =>
        {
            var ids = string.Join(',', Enumerable.Range(0, 12).Select(t => 3 + ((i * 31) + (t * 17)) % 400));
            return $$"""{"input_ids":[{{ids}}],"labels":[{{ids}}]}""";
        }));
        return JsonSerializer.Serialize(new
        {
            method = "sft",
            model_name_or_path = model,
            dataset = data,
            output_dir = output ?? "unused",
            learning_rate = 0.001,
            max_steps = maxSteps,
            save_steps = 3,
            save_total_limit = 2,
            logging_steps = 1,
            per_device_train_batch_size = 2,
            max_length = 64,
            device = "cpu",
        });
    }

    /// <summary>What must be equal: everything but the clock.</summary>
    private static string Losses(string line)
    {
        var point = JsonSerializer.Deserialize<JsonElement>(line);
        return string.Join(' ', Compared.Select(name => point.GetProperty(name).GetRawText()));
    }
}
