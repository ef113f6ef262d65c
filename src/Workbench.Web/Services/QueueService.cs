using Microsoft.EntityFrameworkCore;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>Order and pauses of the queue: higher priorities first, and among equals the place in the queue.</summary>
public sealed class QueueService(IDbContextFactory<WorkbenchDbContext> database, RunService runs, RunNotifier notifier, RunSignal signal)
{
    private const int LowestPriority = -10, HighestPriority = 10;

    /// <summary>Queued runs in the order in which they will be taken, those that are held among them.</summary>
    public async Task<IReadOnlyList<RunEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await Ordered(context.Runs.AsNoTracking()).ToListAsync(cancellationToken);
    }

    /// <summary>Holds a queued run back. One that trains saves a checkpoint, ends, and waits in the queue.</summary>
    /// <exception cref="UserInputException">There is no such run, or it is over.</exception>
    public async Task<RunEntry> PauseAsync(string id, CancellationToken cancellationToken = default)
    {
        var run = await runs.GetAsync(id, cancellationToken);
        if (!run.Status.CanStop())
        {
            throw new UserInputException($"The run \"{run.Name}\" cannot be paused: it is {RunService.Word(run.Status)}.", "Only queued and running runs can be paused.", $"run {id}");
        }

        await SetAsync(id, held: true);
        return run.Status == RunStatus.Running ? await runs.StopAsync(id, cancellationToken) : await TellAsync(id);
    }

    /// <summary>Lets a held run go on when its turn comes.</summary>
    /// <exception cref="UserInputException">There is no such run.</exception>
    public async Task<RunEntry> ReleaseAsync(string id, CancellationToken cancellationToken = default)
    {
        await runs.GetAsync(id, cancellationToken);
        await SetAsync(id, held: false);
        signal.Set();
        return await TellAsync(id);
    }

    /// <summary>Takes a run out of the queue, or ends its worker at once, without a checkpoint.</summary>
    /// <exception cref="UserInputException">There is no such run, or it is over.</exception>
    public async Task<RunEntry> CancelAsync(string id, CancellationToken cancellationToken = default)
    {
        await SetAsync(id, held: false);
        signal.RequestKill(id);
        var run = await runs.GetAsync(id, cancellationToken);
        return run.Status == RunStatus.Stopping ? run : await runs.StopAsync(id, cancellationToken);
    }

    /// <summary>Sets the priority; higher goes first.</summary>
    /// <exception cref="UserInputException">There is no such run, or the priority is out of range.</exception>
    public async Task<RunEntry> PrioritizeAsync(string id, int priority, CancellationToken cancellationToken = default)
    {
        if (priority is < LowestPriority or > HighestPriority)
        {
            throw new UserInputException($"{priority} is no priority.", $"Give a number from {LowestPriority} to {HighestPriority}.", "priority");
        }

        await runs.GetAsync(id, cancellationToken);
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        await context.Runs.Where(run => run.Id == id).ExecuteUpdateAsync(run => run.SetProperty(r => r.Priority, priority), cancellationToken);
        return await TellAsync(id);
    }

    /// <summary>Moves a queued run before or behind its neighbour; across priorities, it takes the neighbour's.</summary>
    /// <param name="id">The run.</param>
    /// <param name="places">-1 for one place forward, 1 for one back.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UserInputException">The run is not queued.</exception>
    public async Task<RunEntry> MoveAsync(string id, int places, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var queue = await Ordered(context.Runs).ToListAsync(cancellationToken);
        var at = queue.FindIndex(run => run.Id == id);
        if (at < 0)
        {
            throw new UserInputException("The run does not wait in the queue any more.", "Only queued runs can be moved.", $"run {id}");
        }

        var to = Math.Clamp(at + Math.Sign(places), 0, queue.Count - 1);
        var (run, neighbour) = (queue[at], queue[to]);
        if (run != neighbour)
        {
            if (run.Priority == neighbour.Priority)
            {
                (run.QueuePosition, neighbour.QueuePosition) = (neighbour.QueuePosition, run.QueuePosition);
                // Runs queued within the same millisecond have the same place.
                run.QueuePosition += run.QueuePosition == neighbour.QueuePosition ? Math.Sign(places) : 0;
            }
            else
            {
                run.Priority = neighbour.Priority;
                run.QueuePosition = neighbour.QueuePosition + Math.Sign(places);
            }

            await context.SaveChangesAsync(CancellationToken.None);
            await TellAsync(neighbour.Id);
        }

        return await TellAsync(id);
    }

    /// <summary>Queued runs, next first.</summary>
    internal static IQueryable<RunEntry> Ordered(IQueryable<RunEntry> all) => all.Where(run => run.Status == RunStatus.Queued)
        .OrderByDescending(run => run.Priority).ThenBy(run => run.QueuePosition).ThenBy(run => run.Id);

    private async Task SetAsync(string id, bool held)
    {
        await using var context = await database.CreateDbContextAsync();
        await context.Runs.Where(run => run.Id == id).ExecuteUpdateAsync(run => run.SetProperty(r => r.Held, held));
    }

    private async Task<RunEntry> TellAsync(string id)
    {
        var run = await runs.GetAsync(id, CancellationToken.None);
        notifier.Publish(new RunStatusChanged(id, run));
        return run;
    }
}
