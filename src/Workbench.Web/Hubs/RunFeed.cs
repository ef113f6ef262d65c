using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Hubs;

/// <summary>One stream for each connection and run: replays from the database, then forwards what is published.</summary>
public sealed class RunFeed(IHubContext<RunHub> hub, RunService runs, RunNotifier notifier, ILogger<RunFeed> logger)
{
    /// <summary>Points in one message.</summary>
    private const int Portion = 1000;

    /// <summary>Events kept for a slow client; what is dropped beyond is read from the database again.</summary>
    private const int Backlog = 256;

    private readonly ConcurrentDictionary<(string Connection, string Run), CancellationTokenSource> streams = new();

    public void Open(string connectionId, string runId, long fromSeq, CancellationToken aborted)
    {
        Close(connectionId, runId);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        streams[(connectionId, runId)] = stop;
        _ = RunAsync(hub.Clients.Client(connectionId), runId, fromSeq, stop.Token);
    }

    public void Close(string connectionId, string runId)
    {
        if (streams.TryRemove((connectionId, runId), out var stop))
        {
            stop.Cancel();
            stop.Dispose();
        }
    }

    public void CloseAll(string connectionId)
    {
        foreach (var (connection, run) in streams.Keys.Where(key => key.Connection == connectionId))
        {
            Close(connection, run);
        }
    }

    private async Task RunAsync(IClientProxy client, string runId, long fromSeq, CancellationToken stop)
    {
        try
        {
            // Listening begins before reading: what is stored in between comes from both and is sent once.
            var events = Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
            using var subscription = notifier.Subscribe(runId, runEvent => events.Writer.TryWrite(runEvent));
            await client.SendAsync("Status", runId, await runs.GetAsync(runId, stop), stop);
            var next = await ReplayAsync(client, runId, Math.Max(1, fromSeq), stop);
            await foreach (var runEvent in events.Reader.ReadAllAsync(stop))
            {
                next = await ForwardAsync(client, runEvent, next, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            logger.LogDebug("A viewer of run {RunId} left", runId);
        }
        catch (UserInputException exception)
        {
            await client.SendAsync("Problem", runId, new { title = exception.Message, remedy = exception.Remedy }, CancellationToken.None);
        }
#pragma warning disable CA1031 // nobody awaits this task: a failure must at least be logged
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The live view of run {RunId} failed", runId);
        }
    }

    private async Task<long> ForwardAsync(IClientProxy client, RunEvent runEvent, long next, CancellationToken stop)
    {
        switch (runEvent)
        {
            case RunStatusChanged changed:
                await client.SendAsync("Status", changed.RunId, changed.Run, stop);
                return changed.Run.LastSeq >= next ? await ReplayAsync(client, changed.RunId, next, stop) : next; // metrics may have been dropped
            case RunLogAdded log:
                await client.SendAsync("Log", log.RunId, log.Text, stop);
                return next;
            case RunMetricsAdded metrics when metrics.Points[0].Seq <= next:
                return await SendAsync(client, metrics.RunId, metrics.Points.SkipWhile(point => point.Seq < next), next, stop);
            case RunMetricsAdded metrics:
                return await ReplayAsync(client, metrics.RunId, next, stop); // events were dropped
            default:
                return next;
        }
    }

    private async Task<long> ReplayAsync(IClientProxy client, string runId, long next, CancellationToken stop)
    {
        while (true)
        {
            var points = await runs.MetricsAsync(runId, next, Portion, stop);
            if (points.Count == 0)
            {
                return next;
            }

            next = await SendAsync(client, runId, points, next, stop);
        }
    }

    private static async Task<long> SendAsync(IClientProxy client, string runId, IEnumerable<RunMetric> points, long next, CancellationToken stop)
    {
        foreach (var portion in points.Chunk(Portion))
        {
            await client.SendAsync("Metrics", runId, portion.Select(point => JsonSerializer.Deserialize<JsonElement>(point.Json)).ToArray(), stop);
            next = portion[^1].Seq + 1;
        }

        return next;
    }
}
