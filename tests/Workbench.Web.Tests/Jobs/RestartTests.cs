using Workbench.Web.Jobs;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Jobs;

/// <summary>The application ends and comes again while a run is on its way.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string root = TestFolder.Create();

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_worker_outlives_the_application_and_is_found_again()
    {
        var worker = FakeWorker.Configure("status running; metric 1; await next; metric 2; await end; metric 3; status completed 3");
        RunEntry run;
        await using (var services = await TestServices.StartAsync(root, worker))
        {
            run = await FakeWorker.QueueAsync(services);
            await services.UntilAsync(run.Id, r => r.LastSeq == 1);
        }

        Assert.True(WorkerIdentity.Read(run.Folder)!.IsAlive());
        await File.WriteAllTextAsync(Path.Combine(run.Folder, "next"), ""); // it works on with nobody there
        await using var again = await TestServices.StartAsync(root, worker);
        await again.UntilAsync(run.Id, r => r.LastSeq == 2);
        Assert.Equal(RunStatus.Running, (await again.Get<RunService>().GetAsync(run.Id)).Status);
        await File.WriteAllTextAsync(Path.Combine(run.Folder, "end"), "");
        var ended = await again.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal((RunStatus.Completed, 3), (ended.Status, ended.LastSeq));
        Assert.Equal([1, 2, 3], (await again.Get<RunService>().MetricsAsync(run.Id)).Select(metric => metric.Seq));
    }

    [Fact]
    public async Task A_worker_found_again_can_be_stopped()
    {
        var worker = FakeWorker.Configure("status running; metric 1; await stop; status stopped 1");
        RunEntry run;
        await using (var services = await TestServices.StartAsync(root, worker))
        {
            run = await FakeWorker.QueueAsync(services);
            await services.UntilAsync(run.Id, r => r.LastSeq == 1);
        }

        await using var again = await TestServices.StartAsync(root, worker);
        await again.Get<RunService>().StopAsync(run.Id);
        Assert.Equal(RunStatus.Stopped, (await again.UntilAsync(run.Id, r => r.Status.IsFinal())).Status);
    }

    [Fact]
    public async Task A_worker_that_died_meanwhile_leaves_an_interrupted_run_with_all_it_had_written()
    {
        var worker = FakeWorker.Configure("status running; metric 1; await next; metric 2; kill -9 $$");
        RunEntry run;
        await using (var services = await TestServices.StartAsync(root, worker))
        {
            run = await FakeWorker.QueueAsync(services);
            await services.UntilAsync(run.Id, r => r.LastSeq == 1);
        }

        var identity = WorkerIdentity.Read(run.Folder)!;
        await File.WriteAllTextAsync(Path.Combine(run.Folder, "next"), "");
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20)))
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            while (identity.IsAlive())
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }

        await using var again = await TestServices.StartAsync(root, worker);
        var ended = await again.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal((RunStatus.Interrupted, 2), (ended.Status, ended.LastSeq));
        Assert.Contains("while the application was away", ended.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_taken_but_never_started_is_started()
    {
        var worker = FakeWorker.Configure("status running; metric 1; await ../go; status completed 1");
        RunEntry second;
        await using (var services = await TestServices.StartAsync(root, worker))
        {
            var first = await FakeWorker.QueueAsync(services);
            await services.UntilAsync(first.Id, r => r.LastSeq == 1);
            second = await FakeWorker.QueueAsync(services);
            await services.Get<RunStore>().TakeNextAsync(CancellationToken.None); // and there the application dies
            await File.WriteAllTextAsync(Path.Combine(services.Get<DataFolder>().Runs, "go"), "");
            await services.UntilAsync(first.Id, r => r.Status.IsFinal());
        }

        await using var again = await TestServices.StartAsync(root, worker);
        Assert.Equal(RunStatus.Completed, (await again.UntilAsync(second.Id, r => r.Status.IsFinal())).Status);
    }

    [Fact]
    public async Task The_run_folders_alone_rebuild_the_rows()
    {
        var worker = FakeWorker.Configure("status running; metric 1; metric 2; status completed 2");
        RunEntry run;
        await using (var services = await TestServices.StartAsync(root, worker))
        {
            run = await FakeWorker.QueueAsync(services);
            await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        }

        foreach (var file in Directory.EnumerateFiles(root, "workbench.db*"))
        {
            File.Delete(file);
        }

        await using var again = await TestServices.StartAsync(root, worker);
        var rebuilt = await again.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal((run.Name, run.Config, RunStatus.Completed, 2), (rebuilt.Name, rebuilt.Config, rebuilt.Status, rebuilt.LastSeq));
        Assert.Equal([1, 2], (await again.Get<RunService>().MetricsAsync(run.Id)).Select(metric => metric.Seq));
    }

    [Fact]
    public async Task A_second_application_over_the_same_folder_is_refused()
    {
        await using var services = await TestServices.StartAsync(root);
        var refused = await Assert.ThrowsAsync<UserInputException>(() => TestServices.StartAsync(root));
        Assert.Contains("already serves", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_id_given_to_another_program_is_not_taken_for_the_worker()
    {
        var own = WorkerIdentity.Of(System.Diagnostics.Process.GetCurrentProcess());
        Assert.True(own.IsAlive());
        Assert.False((own with { StartedAt = own.StartedAt.AddMinutes(-1) }).IsAlive());
    }
}
