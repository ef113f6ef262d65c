using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Jobs;

/// <summary>
/// Takes queued runs as the limits allow and gives each to a worker. First come the runs that an earlier application left. When the application
/// ends, a worker goes on by itself and is found again at the next start.
/// </summary>
public sealed class RunScheduler(RunStore store, RunSupervisor supervisor, RunSignal signal, QueueSettings settings, TimeProvider clock, ILogger<RunScheduler> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var left = await store.UnfinishedAsync(stoppingToken);
            var working = left.Select(run => GuardAsync(run, () => supervisor.AdoptAsync(run, stoppingToken))).ToList();
            var wake = signal.WaitAsync(stoppingToken);
            while (true)
            {
                stoppingToken.ThrowIfCancellationRequested();
                working.RemoveAll(task => task.IsCompleted);
                var (limits, now) = (settings.Read(), TimeOnly.FromDateTime(clock.GetLocalNow().DateTime));
                if (limits.MayBegin(now) && working.Count < limits.MaxAtOnce && await TakeNextAsync(stoppingToken) is { } run)
                {
                    working.Add(GuardAsync(run, () => supervisor.StartAsync(run, stoppingToken)));
                    continue;
                }

                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var hours = Task.Delay(limits.Wait(now) ?? Timeout.InfiniteTimeSpan, clock, waiting.Token);
                await Task.WhenAny([wake, hours, .. working]);
                await waiting.CancelAsync();
                if (wake.IsCompleted)
                {
                    wake = signal.WaitAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogInformation("The queue rests; a run in training goes on and is taken up again at the next start");
        }
    }

    /// <summary>A full disk must not end the queue: it is looked at again when something is asked of it.</summary>
    private async Task<RunEntry?> TakeNextAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await store.TakeNextAsync(stoppingToken);
        }
        catch (DbException exception)
        {
            logger.LogError(exception, "The queue could not be read");
            return null;
        }
    }

    /// <summary>One run's trouble must not stop the queue.</summary>
    private async Task GuardAsync(RunEntry run, Func<Task> supervise)
    {
        try
        {
            await supervise();
        }
#pragma warning disable CA1031 // whatever it is, the next run deserves its turn
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The supervision of run {RunId} failed", run.Id);
            await MarkLostAsync(run, exception.Message);
        }
    }

    private async Task MarkLostAsync(RunEntry run, string reason)
    {
        try
        {
            await store.UpdateAsync(run.Id, entry =>
            {
                entry.Status = RunStatus.Interrupted;
                entry.StatusReason = $"The application lost sight of the run: {reason}";
                entry.FinishedAt = store.Now;
            });
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException)
        {
            logger.LogError(exception, "The state of run {RunId} could not be stored; it is settled at the next start", run.Id);
        }
    }
}
