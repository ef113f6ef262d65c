using Workbench.Learning.Training;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Jobs;

/// <summary>Carries what a worker writes to its run folder into the database and to those who watch.</summary>
internal sealed class RunFollower(RunEntry run, RunStore store, RunNotifier notifier)
{
    private readonly LineTail metrics = new(Path.Combine(run.Folder, "metrics.jsonl"));
    private readonly LineTail log = new(Path.Combine(run.Folder, LogTail.FileName), fromEnd: true);
    private DateTime statusRead;

    /// <summary>Takes over everything written so far.</summary>
    public async Task CatchUpAsync()
    {
        while (metrics.Read() is { Length: > 0 } text)
        {
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => (Point: MetricPoint.TryParse(line), Json: line))
                .Where(line => line.Point is not null)
                .Select(line => (line.Point!, line.Json))
                .ToList();
            await store.AddMetricsAsync(run.Id, lines);
            metrics.Advance();
        }

        while (log.Read() is { Length: > 0 } text)
        {
            notifier.Publish(new RunLogAdded(run.Id, text));
            log.Advance();
        }

        await ReadStatusAsync();
    }

    /// <summary>Progress and phase come from status.json, whose time of writing says whether there is something new.</summary>
    private async Task ReadStatusAsync()
    {
        var written = StatusFile.WrittenAt(run.Folder);
        if (written == statusRead || StatusFile.Read(run.Folder) is not { } status)
        {
            return;
        }

        await store.UpdateAsync(run.Id, entry =>
        {
            entry.TotalSteps = status.TotalSteps > 0 ? status.TotalSteps : entry.TotalSteps;
            entry.Step = Math.Max(entry.Step, status.Step);
            entry.Phase = status.Phase;
        });
        statusRead = written;
    }
}
