using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Jobs;

public sealed class RunSchedulerTests
{
    [Fact]
    public async Task A_queued_run_is_worked_on_and_its_metrics_arrive_in_order()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("""
            status running; for i in 1 2 3 4 5; do metric $i; done; echo "note" >> log.txt; status completed 5
            """));
        var run = await FakeWorker.QueueAsync(services);

        var done = await services.UntilAsync(run.Id, r => r.Status.IsFinal());

        Assert.Equal(RunStatus.Completed, done.Status);
        Assert.Equal((5, 5, 10, 5.25), (done.LastSeq, done.Step, done.TotalSteps, done.Loss));
        var metrics = await services.Get<RunService>().MetricsAsync(run.Id);
        Assert.Equal([1, 2, 3, 4, 5], metrics.Select(metric => metric.Seq));
        Assert.Equal("""{"seq":3,"step":3,"epoch":0.5,"time":1.5,"loss":3.25}""", metrics[2].Json);
        Assert.Equal("note\n", await services.Get<RunService>().LogAsync(run.Id));
    }

    [Fact]
    public async Task Runs_are_worked_on_one_at_a_time_in_the_order_of_the_queue()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("""
            status running; mkdir ../busy || { status failed; exit 0; }; metric 1; await ../go; rmdir ../busy; status completed 1
            """));
        var first = await FakeWorker.QueueAsync(services);
        var second = await FakeWorker.QueueAsync(services);
        await services.UntilAsync(first.Id, r => r.LastSeq == 1);
        Assert.Equal(RunStatus.Queued, (await services.Get<RunService>().GetAsync(second.Id)).Status);

        await File.WriteAllTextAsync(Path.Combine(services.Get<DataFolder>().Runs, "go"), "");

        Assert.Equal(RunStatus.Completed, (await services.UntilAsync(first.Id, r => r.Status.IsFinal())).Status);
        Assert.Equal(RunStatus.Completed, (await services.UntilAsync(second.Id, r => r.Status.IsFinal())).Status);
    }

    [Fact]
    public async Task A_killed_worker_leaves_an_interrupted_run_with_its_reason_and_last_words()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("""
            status running; metric 1; metric 2; echo "about to allocate 90 GB" >&2; kill -9 $$
            """));
        var run = await FakeWorker.QueueAsync(services);

        var ended = await services.UntilAsync(run.Id, r => r.Status.IsFinal());

        Assert.Equal(RunStatus.Interrupted, ended.Status);
        Assert.Contains("SIGKILL", ended.StatusReason, StringComparison.Ordinal);
        Assert.Contains("about to allocate 90 GB", ended.StatusReason, StringComparison.Ordinal);
        Assert.Equal(2, ended.LastSeq);
    }

    [Theory]
    [InlineData("kill -SEGV $$", "SIGSEGV")]
    [InlineData("exit 3", "exit code 3")]
    public async Task A_worker_that_ends_without_a_word_is_described(string end, string expected)
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure($"status running; {end}"));
        var run = await FakeWorker.QueueAsync(services);
        var ended = await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal(RunStatus.Interrupted, ended.Status);
        Assert.Contains(expected, ended.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_run_is_resumed_with_its_metrics_continued()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("""
            status running
            if [ -e first ]; then metric 3; status completed 3; else touch first; metric 1; metric 2; kill -9 $$; fi
            """));
        var run = await FakeWorker.QueueAsync(services);
        await services.UntilAsync(run.Id, r => r.Status == RunStatus.Interrupted);

        await services.Get<RunService>().ResumeAsync(run.Id);

        Assert.Equal(RunStatus.Completed, (await services.UntilAsync(run.Id, r => r.Status.IsFinal())).Status);
        Assert.Equal([1, 2, 3], (await services.Get<RunService>().MetricsAsync(run.Id)).Select(metric => metric.Seq));
        await Assert.ThrowsAsync<UserInputException>(() => services.Get<RunService>().ResumeAsync(run.Id));
    }

    [Fact]
    public async Task A_stop_asks_the_worker_to_save_and_end()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("""
            status running; metric 1; await stop; metric 2; status stopped 2
            """));
        var run = await FakeWorker.QueueAsync(services);
        await services.UntilAsync(run.Id, r => r.LastSeq == 1);

        var asked = await services.Get<RunService>().StopAsync(run.Id);
        Assert.Equal(RunStatus.Stopping, asked.Status);

        var ended = await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal((RunStatus.Stopped, 2), (ended.Status, ended.LastSeq));
    }

    [Fact]
    public async Task A_worker_that_does_not_stop_in_time_is_killed()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure(
            "status running; metric 1; await never", stopTimeout: TimeSpan.FromMilliseconds(200)));
        var run = await FakeWorker.QueueAsync(services);
        await services.UntilAsync(run.Id, r => r.LastSeq == 1);
        await services.Get<RunService>().StopAsync(run.Id);
        var ended = await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        Assert.Equal(RunStatus.Interrupted, ended.Status);
        Assert.Contains("did not stop", ended.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_taken_out_of_the_queue_is_never_started()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("status running; metric 1; await ../go; status completed"));
        var first = await FakeWorker.QueueAsync(services);
        var second = await FakeWorker.QueueAsync(services);
        Assert.Equal(RunStatus.Stopped, (await services.Get<RunService>().StopAsync(second.Id)).Status);
        await File.WriteAllTextAsync(Path.Combine(services.Get<DataFolder>().Runs, "go"), "");
        await services.UntilAsync(first.Id, r => r.Status.IsFinal());
        Assert.False(File.Exists(Path.Combine(second.Folder, "metrics.jsonl")));
    }

    [Fact]
    public async Task A_deleted_run_leaves_neither_rows_nor_folder()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("status running; metric 1; status completed"));
        var run = await FakeWorker.QueueAsync(services);
        await services.UntilAsync(run.Id, r => r.Status.IsFinal());
        await services.Get<RunService>().DeleteAsync(run.Id);
        Assert.False(Directory.Exists(run.Folder));
        await using var context = services.Database();
        Assert.Empty(context.Runs);
        Assert.Empty(context.RunMetrics);
    }
}
