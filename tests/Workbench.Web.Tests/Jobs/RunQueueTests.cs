using Workbench.Web.Jobs;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Jobs;

public sealed class RunQueueTests
{
    /// <summary>The first run trains until it is asked to stop, or until the test lets it end; the others end at once.</summary>
    private const string Script = """
        status running; metric 1; echo "$(basename "$1")" >> ../order
        if [ -e ../holds ] && [ ! -e resumed ]; then touch resumed; until [ -e stop ] || [ -e ../go ]; do sleep 0.02; done; fi
        if [ -e stop ] && [ ! -e ../go ]; then status stopped 1; else status completed 1; fi
        """;

    [Fact]
    public async Task Higher_priorities_go_first_and_moved_runs_in_their_new_order()
    {
        await using var services = await StartAsync();
        var (queue, runs) = (services.Get<QueueService>(), await QueueAsync(services, 5));
        await services.UntilAsync(runs[0].Id, run => run.LastSeq == 1);
        await queue.PrioritizeAsync(runs[4].Id, 5);
        await queue.MoveAsync(runs[3].Id, -1); // before run 2
        Assert.Equal([runs[4].Id, runs[1].Id, runs[3].Id, runs[2].Id], (await queue.ListAsync()).Select(run => run.Id));
        Release(services);
        foreach (var run in runs)
        {
            await services.UntilAsync(run.Id, one => one.Status == RunStatus.Completed);
        }

        Assert.Equal([runs[0].Id, runs[4].Id, runs[1].Id, runs[3].Id, runs[2].Id], await File.ReadAllLinesAsync(Path.Combine(services.Get<DataFolder>().Runs, "order"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_paused_run_saves_waits_in_the_queue_and_goes_on_when_it_is_released()
    {
        await using var services = await StartAsync();
        var (queue, runs) = (services.Get<QueueService>(), await QueueAsync(services, 2));
        await services.UntilAsync(runs[0].Id, run => run.LastSeq == 1);
        await queue.PauseAsync(runs[0].Id);
        var paused = await services.UntilAsync(runs[0].Id, run => run.Status == RunStatus.Queued);
        Assert.True(paused.Held);
        await services.UntilAsync(runs[1].Id, run => run.Status == RunStatus.Running); // the next one has its turn
        Release(services);
        await services.UntilAsync(runs[1].Id, run => run.Status == RunStatus.Completed);
        Assert.Equal(RunStatus.Queued, (await services.Get<RunService>().GetAsync(runs[0].Id)).Status);
        await queue.ReleaseAsync(runs[0].Id);
        await services.UntilAsync(runs[0].Id, run => run.Status == RunStatus.Completed);
    }

    [Fact]
    public async Task A_cancelled_run_ends_at_once_and_leaves_no_process()
    {
        await using var services = await TestServices.StartAsync(configure: FakeWorker.Configure("status running; metric 1; trap '' TERM; while true; do sleep 0.05; done"));
        var run = await FakeWorker.QueueAsync(services);
        await services.UntilAsync(run.Id, one => one.LastSeq == 1);
        await services.Get<QueueService>().CancelAsync(run.Id);
        var ended = await services.UntilAsync(run.Id, one => one.Status.IsFinal());
        Assert.Equal(RunStatus.Stopped, ended.Status);
        Assert.Contains("Cancelled", ended.StatusReason, StringComparison.Ordinal);
        Assert.False(WorkerIdentity.Read(run.Folder)!.IsAlive());
    }

    [Fact]
    public async Task As_many_runs_train_at_once_as_the_limits_allow()
    {
        await using var services = await StartAsync();
        services.Get<QueueSettings>().Write(new QueueLimits(MaxAtOnce: 2));
        var runs = await QueueAsync(services, 3);
        await services.UntilAsync(runs[0].Id, run => run.LastSeq == 1);
        await services.UntilAsync(runs[1].Id, run => run.LastSeq == 1);
        Assert.Equal(RunStatus.Queued, (await services.Get<RunService>().GetAsync(runs[2].Id)).Status);
        Release(services);
        await services.UntilAsync(runs[2].Id, run => run.Status == RunStatus.Completed);
    }

    [Fact]
    public async Task Nothing_begins_while_the_queue_is_paused()
    {
        await using var services = await StartAsync();
        Release(services);
        services.Get<QueueSettings>().Write(new QueueLimits(Paused: true));
        var run = (await QueueAsync(services, 1))[0];
        Assert.Single(await services.Get<QueueService>().ListAsync());
        services.Get<QueueSettings>().Write(new QueueLimits());
        await services.UntilAsync(run.Id, one => one.Status == RunStatus.Completed);
    }

    [Theory]
    [InlineData("22:00", "07:00", "23:30", true)]
    [InlineData("22:00", "07:00", "06:59", true)]
    [InlineData("22:00", "07:00", "07:00", false)]
    [InlineData("09:00", "17:00", "12:00", true)]
    [InlineData("09:00", "17:00", "18:00", false)]
    public void Hours_may_go_over_midnight(string from, string until, string now, bool may)
    {
        var limits = new QueueLimits(From: TimeOnly.ParseExact(from, "HH:mm"), Until: TimeOnly.ParseExact(until, "HH:mm"));
        Assert.Equal(may, limits.MayBegin(TimeOnly.ParseExact(now, "HH:mm")));
    }

    [Theory]
    [InlineData("07:00", 15)]
    [InlineData("18:00", 4)]
    public void The_queue_waits_for_the_begin_of_its_hours(string now, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), new QueueLimits(From: new TimeOnly(22, 0), Until: new TimeOnly(6, 0)).Wait(TimeOnly.ParseExact(now, "HH:mm")));

    [Fact]
    public async Task Limits_that_make_no_sense_are_refused()
    {
        await using var services = await StartAsync();
        Assert.Equal("max_at_once", Assert.Throws<UserInputException>(() => services.Get<QueueSettings>().Write(new QueueLimits(0))).Place);
        Assert.Equal("until", Assert.Throws<UserInputException>(() => services.Get<QueueSettings>().Write(new QueueLimits(From: new TimeOnly(1, 0)))).Place);
    }

    private static async Task<TestServices> StartAsync()
    {
        var services = await TestServices.StartAsync(configure: FakeWorker.Configure(Script));
        await File.WriteAllTextAsync(Path.Combine(services.Get<DataFolder>().Runs, "holds"), "");
        return services;
    }

    private static async Task<List<RunEntry>> QueueAsync(TestServices services, int count)
    {
        var runs = new List<RunEntry>();
        for (var i = 0; i < count; i++)
        {
            runs.Add(await FakeWorker.QueueAsync(services));
        }

        return runs;
    }

    private static void Release(TestServices services) => File.WriteAllText(Path.Combine(services.Get<DataFolder>().Runs, "go"), "");
}
