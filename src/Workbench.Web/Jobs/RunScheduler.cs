using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Jobs;

/// <summary>
/// Takes queued runs one at a time and gives each to a worker. First come the runs that an earlier application left. When the application
/// ends, a worker goes on by itself and is found again at the next start.
/// </summary>
public sealed class RunScheduler(RunStore store, RunSupervisor supervisor, RunSignal signal, ILogger<RunScheduler> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var left = await store.UnfinishedAsync(stoppingToken);
            await Task.WhenAll(left.Select(run => GuardAsync(run, () => supervisor.AdoptAsync(run, stoppingToken))));
            while (!stoppingToken.IsCancellationRequested)
            {
                if (await store.TakeNextAsync(stoppingToken) is { } run)
                {
                    await GuardAsync(run, () => supervisor.StartAsync(run, stoppingToken));
                }
                else
                {
                    await signal.WaitAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogInformation("The queue rests; a run in training goes on and is taken up again at the next start");
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
            await store.UpdateAsync(run.Id, entry =>
            {
                entry.Status = RunStatus.Interrupted;
                entry.StatusReason = $"The application lost sight of the run: {exception.Message}";
                entry.FinishedAt = store.Now;
            });
        }
    }
}
