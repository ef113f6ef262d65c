using System.Collections.Concurrent;

namespace Workbench.Web.Services;

/// <summary>Tells whoever listens (hub connections, pages) what happens to runs.</summary>
public sealed class RunNotifier(ILogger<RunNotifier> logger)
{
    private readonly ConcurrentDictionary<Subscription, byte> subscriptions = new();

    /// <summary>Listens to one run, or to all of them when <paramref name="runId"/> is null.</summary>
    /// <param name="runId">The run, or null.</param>
    /// <param name="handler">Called on the publisher's thread: must return at once (a page marshals with InvokeAsync).</param>
    /// <returns>Dispose to stop listening.</returns>
    public IDisposable Subscribe(string? runId, Action<RunEvent> handler)
    {
        var subscription = new Subscription(this, runId, handler);
        subscriptions[subscription] = 0;
        return subscription;
    }

    /// <summary>Tells every listener of the event's run. A listener that throws is logged and does not disturb the others.</summary>
    public void Publish(RunEvent runEvent)
    {
        foreach (var (subscription, _) in subscriptions)
        {
            if (subscription.RunId is not null && subscription.RunId != runEvent.RunId)
            {
                continue;
            }

            try
            {
                subscription.Handler(runEvent);
            }
#pragma warning disable CA1031 // a listener's fault must not stop the run that is being told about
            catch (Exception exception)
#pragma warning restore CA1031
            {
                logger.LogError(exception, "A listener of run {RunId} failed", runEvent.RunId);
            }
        }
    }

    private sealed class Subscription(RunNotifier notifier, string? runId, Action<RunEvent> handler) : IDisposable
    {
        public string? RunId => runId;

        public Action<RunEvent> Handler => handler;

        public void Dispose() => notifier.subscriptions.TryRemove(this, out _);
    }
}
