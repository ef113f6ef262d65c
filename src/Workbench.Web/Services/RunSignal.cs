using System.Collections.Concurrent;

namespace Workbench.Web.Services;

/// <summary>What the services say to the hosted service: look at the queue, stop this run.</summary>
public sealed class RunSignal : IDisposable
{
    private readonly SemaphoreSlim work = new(0);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> stops = new();
    private readonly ConcurrentDictionary<string, byte> kills = new();

    /// <summary>There may be something to do.</summary>
    public void Set() => work.Release();

    /// <summary>Waits until there may be something to do.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await work.WaitAsync(cancellationToken);
        while (work.Wait(0, CancellationToken.None))
        {
            // several signals are one reason to look
        }
    }

    /// <summary>Token that is cancelled when the run is asked to stop; valid until <see cref="Forget"/>.</summary>
    public CancellationToken StopToken(string runId) => stops.GetOrAdd(runId, _ => new CancellationTokenSource()).Token;

    /// <summary>Asks the run's supervisor to stop it. Without a supervisor nothing happens: it reads the stored state when it begins.</summary>
    public void RequestStop(string runId)
    {
        if (stops.TryGetValue(runId, out var stop))
        {
            stop.Cancel();
        }
    }

    /// <summary>The run's worker is to end at once, without saving.</summary>
    public void RequestKill(string runId) => kills[runId] = 0;

    /// <summary>Whether <see cref="RequestKill"/> was called since the last <see cref="Forget"/>.</summary>
    public bool IsKillRequested(string runId) => kills.ContainsKey(runId);

    public void Forget(string runId)
    {
        kills.TryRemove(runId, out _);
        if (stops.TryRemove(runId, out var stop))
        {
            stop.Dispose();
        }
    }

    public void Dispose()
    {
        work.Dispose();
        foreach (var (_, stop) in stops)
        {
            stop.Dispose();
        }
    }
}
