using Microsoft.AspNetCore.SignalR;

namespace Workbench.Web.Hubs;

/// <summary>
/// Live runs. The client calls <see cref="Subscribe"/> and is then called with <c>Metrics(runId, points)</c>, <c>Status(runId, run)</c> and
/// <c>Log(runId, text)</c>; after a reconnect it subscribes again with the number after the last one it has.
/// </summary>
public sealed class RunHub(RunFeed feed) : Hub
{
    /// <summary>Starts the stream of one run: its status, every stored metric from <paramref name="fromSeq"/> on, then what is new.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="fromSeq">First sequence number wanted; 0 for all. Points come in order, none missing, none twice.</param>
    public void Subscribe(string runId, long fromSeq) => feed.Open(Context.ConnectionId, runId, fromSeq, Context.ConnectionAborted);

    /// <summary>Ends the stream of one run.</summary>
    public void Unsubscribe(string runId) => feed.Close(Context.ConnectionId, runId);

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        feed.CloseAll(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
