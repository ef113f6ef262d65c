using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Workbench.Learning.Training;
using Workbench.Web.Jobs;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Hubs;

public sealed class RunHubTests
{
    [Fact]
    public async Task What_was_missed_is_replayed_and_what_is_new_follows_without_a_gap()
    {
        await using var app = await StartAsync();
        await AddRunAsync(app);
        await StoreAsync(app, 1, 2500); // more than one message holds
        await using var client = await HubClient.ConnectAsync(app.Address);

        await client.SubscribeAsync("run1", 3);
        Assert.Equal("running", (await client.NextAsync("Status"))[1].GetProperty("status").GetString());
        for (var seq = 2501; seq <= 3000; seq += 50) // while the replay is on its way
        {
            await StoreAsync(app, seq, seq + 49);
        }

        Assert.Equal(Enumerable.Range(3, 2998).Select(i => (long)i), await client.SequenceAsync(3000));
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_lacks()
    {
        await using var app = await StartAsync();
        await AddRunAsync(app);
        await StoreAsync(app, 1, 10);
        await using (var first = await HubClient.ConnectAsync(app.Address))
        {
            await first.SubscribeAsync("run1", 0);
            Assert.Equal(10, (await first.SequenceAsync(10)).Count);
        }

        await StoreAsync(app, 11, 20);
        await using var second = await HubClient.ConnectAsync(app.Address);
        await second.SubscribeAsync("run1", 11);
        Assert.Equal(Enumerable.Range(11, 10).Select(i => (long)i), await second.SequenceAsync(20));
    }

    [Fact]
    public async Task Points_keep_the_trainers_own_json()
    {
        await using var app = await StartAsync();
        await AddRunAsync(app);
        await using var client = await HubClient.ConnectAsync(app.Address);
        await client.SubscribeAsync("run1", 0);
        await client.NextAsync("Status");
        const string json = """{"seq":1,"step":5,"epoch":0.25,"time":1.5,"loss":"NaN","mean_token_accuracy":0.5}""";
        await app.Get<RunStore>().AddMetricsAsync("run1", [(MetricPoint.TryParse(json)!, json)]);
        Assert.Equal(json, (await client.NextAsync("Metrics"))[1][0].GetRawText());
    }

    [Fact]
    public async Task An_unknown_run_is_said_to_be_unknown()
    {
        await using var app = await StartAsync();
        await using var client = await HubClient.ConnectAsync(app.Address);
        await client.SubscribeAsync("nothing", 0);
        Assert.Contains("nothing", (await client.NextAsync("Problem"))[1].GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_web_page_may_not_open_the_socket()
    {
        await using var app = await StartAsync();
        await Assert.ThrowsAsync<WebSocketException>(() =>
            HubClient.ConnectAsync(app.Address, options => options.SetRequestHeader("Origin", "http://evil.example")));
    }

    /// <summary>Without the queue, which would settle the rows that stand for runs: nothing works on them.</summary>
    private static Task<TestApp> StartAsync() => TestApp.StartAsync(configure: services =>
        services.Remove(services.Single(service => service.ImplementationType == typeof(RunScheduler))));

    private static async Task AddRunAsync(TestApp app)
    {
        await using var context = await app.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<Web.Persistence.WorkbenchDbContext>>().CreateDbContextAsync();
        context.Runs.Add(new RunEntry
        {
            Id = "run1",
            Name = "one",
            Status = RunStatus.Running,
            Method = "sft",
            Model = "m",
            Dataset = "d",
            Config = "{}",
            Folder = app.Root,
            CreatedAt = DateTimeOffset.UnixEpoch,
        });
        await context.SaveChangesAsync();
    }

    private static Task StoreAsync(TestApp app, int first, int last) => app.Get<RunStore>().AddMetricsAsync("run1", [.. Enumerable
        .Range(first, last - first + 1)
        .Select(seq => new MetricPoint(seq, seq, 0, 0, new Dictionary<string, double> { ["loss"] = 1.0 / seq }))
        .Select(point => (point, point.ToJson()))]);
}
