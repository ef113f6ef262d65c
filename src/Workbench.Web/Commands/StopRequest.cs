using System.Runtime.InteropServices;
using Workbench.Web.Jobs;

namespace Workbench.Web.Commands;

/// <summary>
/// Becomes cancelled when a training is asked to save and end: by Ctrl+C or SIGTERM, or by a request in its run folder. A second signal
/// ends the process as usual.
/// </summary>
internal sealed class StopRequest : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> signals = [];
    private readonly Timer? timer;

    /// <param name="runFolder">Where to look for a request; null for signals only.</param>
    public StopRequest(string? runFolder)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !stop.IsCancellationRequested;
                stop.Cancel();
            }));
        }

        if (runFolder is not null)
        {
            timer = new Timer(
                _ =>
                {
                    if (WorkerFiles.IsStopRequested(runFolder))
                    {
                        stop.Cancel();
                    }
                },
                null,
                TimeSpan.Zero,
                LookEvery);
        }
    }

    public CancellationToken Token => stop.Token;

    public void Dispose()
    {
        timer?.Dispose();
        foreach (var signal in signals)
        {
            signal.Dispose();
        }

        // The source itself stays: a timer's last tick may still be on its way to it.
    }
}
