using Microsoft.EntityFrameworkCore;
using Workbench.Learning.Training;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Jobs;

/// <summary>Writes what supervision learns about runs, and tells it after it is stored.</summary>
public sealed class RunStore(IDbContextFactory<WorkbenchDbContext> database, RunNotifier notifier, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The run that is next, now marked as running; null when the queue is empty.</summary>
    public async Task<RunEntry?> TakeNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var context = await database.CreateDbContextAsync(cancellationToken);
            var id = await QueueService.Ordered(context.Runs).Where(run => !run.Held)
                .Select(run => run.Id)
                .FirstOrDefaultAsync(cancellationToken);
            if (id is null)
            {
                return null;
            }

            var now = clock.GetUtcNow();
            var taken = await context.Runs.Where(run => run.Id == id && run.Status == RunStatus.Queued && !run.Held).ExecuteUpdateAsync(
                run => run.SetProperty(r => r.Status, RunStatus.Running)
                    .SetProperty(r => r.StatusReason, (string?)null)
                    .SetProperty(r => r.StartedAt, now)
                    .SetProperty(r => r.FinishedAt, (DateTimeOffset?)null),
                cancellationToken);
            if (taken == 1)
            {
                return await TellAsync(id);
            }

            // stopped between the two statements: look again
        }
    }

    /// <summary>Runs that had a worker, or were to get one, when the application went away.</summary>
    public async Task<IReadOnlyList<RunEntry>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Runs.AsNoTracking()
            .Where(run => run.Status == RunStatus.Running || run.Status == RunStatus.Stopping)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The run's state as stored now; null when it was deleted.</summary>
    public async Task<RunEntry?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, cancellationToken);
    }

    /// <summary>Adds the lines that are new (by sequence number), in one transaction with the run's progress, then tells them.</summary>
    public async Task AddMetricsAsync(string id, IReadOnlyList<(MetricPoint Point, string Json)> lines)
    {
        await using var context = await database.CreateDbContextAsync();
        var run = await context.Runs.SingleAsync(entry => entry.Id == id);
        var added = new List<RunMetric>();
        foreach (var (point, json) in lines)
        {
            if (point.Seq <= run.LastSeq)
            {
                continue;
            }

            added.Add(new RunMetric { RunId = id, Seq = point.Seq, Json = json });
            run.LastSeq = point.Seq;
            run.Step = point.Step;
            if (point.Values.TryGetValue("loss", out var loss))
            {
                run.Loss = double.IsFinite(loss) ? loss : null;
            }
        }

        if (added.Count == 0)
        {
            return;
        }

        context.RunMetrics.AddRange(added);
        await context.SaveChangesAsync();
        notifier.Publish(new RunMetricsAdded(id, added));
    }

    /// <summary>Changes the run's row and tells it.</summary>
    public async Task<RunEntry> UpdateAsync(string id, Action<RunEntry> change)
    {
        await using var context = await database.CreateDbContextAsync();
        var run = await context.Runs.SingleAsync(entry => entry.Id == id);
        change(run);
        await context.SaveChangesAsync();
        notifier.Publish(new RunStatusChanged(id, run));
        return run;
    }

    private async Task<RunEntry> TellAsync(string id)
    {
        await using var context = await database.CreateDbContextAsync();
        var run = await context.Runs.AsNoTracking().SingleAsync(entry => entry.Id == id);
        notifier.Publish(new RunStatusChanged(id, run));
        return run;
    }
}
