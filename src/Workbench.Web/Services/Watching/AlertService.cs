using System.Collections.Concurrent;
using Workbench.Learning.Training;

namespace Workbench.Web.Services.Watching;

/// <summary>Alerts of runs; each run's points are looked at once, whoever asks.</summary>
public sealed class AlertService(RunService runs)
{
    /// <summary>Runs whose watch is kept; another is looked at anew.</summary>
    private const int Kept = 200;

    private readonly ConcurrentDictionary<string, Watched> watched = new();

    /// <summary>What the run's points so far show.</summary>
    public async Task<IReadOnlyList<RunAlert>> OfAsync(string runId, CancellationToken cancellationToken = default)
    {
        if (watched.Count > Kept)
        {
            watched.Clear();
        }

        var run = watched.GetOrAdd(runId, _ => new Watched());
        await run.One.WaitAsync(cancellationToken);
        try
        {
            while (await runs.MetricsAsync(runId, run.Next, cancellationToken: cancellationToken) is { Count: > 0 } points)
            {
                foreach (var point in points)
                {
                    if (MetricPoint.TryParse(point.Json) is { } parsed)
                    {
                        run.Watch.Add(parsed);
                    }
                }

                run.Next = points[^1].Seq + 1;
            }

            return [.. run.Watch.Alerts];
        }
        finally
        {
            run.One.Release();
        }
    }

    private sealed class Watched
    {
        public SemaphoreSlim One { get; } = new(1);

        public AlertWatch Watch { get; } = new();

        public long Next { get; set; } = 1;
    }
}
