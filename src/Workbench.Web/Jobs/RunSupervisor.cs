using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using RunStatus = Workbench.Web.Persistence.Entities.RunStatus;

namespace Workbench.Web.Jobs;

/// <summary>How supervision is timed.</summary>
/// <param name="Poll">How often the run folder is looked at; charts take ten updates a second.</param>
/// <param name="StopTimeout">How long a worker may take to save its checkpoint before it is killed.</param>
public sealed record SupervisionTiming(TimeSpan Poll, TimeSpan StopTimeout)
{
    public static SupervisionTiming Default { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
}

/// <summary>Follows one worker from its start (or from where it is found again) to its end, and settles what became of the run.</summary>
public sealed class RunSupervisor(
    RunStore store, RunNotifier notifier, RunSignal signal, WorkerLauncher launcher, ModelService models, SupervisionTiming timing, ILogger<RunSupervisor> logger)
{
    private const int LogLinesInReason = 5;
    private const string Cancelled = "Cancelled, without a checkpoint; resuming goes on from the last one.";
    private const string HeldByAnother = "Another worker process holds this run; end it, then resume.";

    /// <summary>Starts a worker for the run and follows it.</summary>
    /// <param name="run">A run just taken from the queue.</param>
    /// <param name="leave">Cancelled when the application ends: the worker goes on by itself.</param>
    public async Task StartAsync(RunEntry run, CancellationToken leave)
    {
        Process process;
        try
        {
            if (!Prepare(run))
            {
                await store.UpdateAsync(run.Id, entry => Settle(entry, RunStatus.Failed, HeldByAnother));
                return;
            }

            process = launcher.Start(run.Folder);
        }
        catch (Exception exception) when (exception is IOException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            logger.LogError(exception, "No worker could be started for run {RunId}", run.Id);
            await store.UpdateAsync(run.Id, entry => Settle(entry, RunStatus.Failed, $"No worker process could be started: {exception.Message}"));
            return;
        }

        using (process)
        {
            logger.LogInformation("Run {RunId} is trained by process {Pid}", run.Id, process.Id);
            await FollowAsync(run, WorkerIdentity.Of(process), async () =>
            {
                await process.WaitForExitAsync(leave);
                return new WorkerExit(process.ExitCode);
            }, leave);
        }
    }

    /// <summary>Takes up a run that an earlier application left: follows its worker if that still lives, otherwise settles the run.</summary>
    public async Task AdoptAsync(RunEntry run, CancellationToken leave)
    {
        var worker = WorkerIdentity.Read(run.Folder);
        if (worker is null && run.Status == RunStatus.Running && StatusFile.Read(run.Folder) is null or { Status: RunStates.Queued })
        {
            // The application went away between taking the run and starting its worker.
            await store.UpdateAsync(run.Id, entry => entry.Status = RunStatus.Queued);
            return;
        }

        if (worker is not null && worker.IsAlive())
        {
            logger.LogInformation("Run {RunId} is still trained by process {Pid}", run.Id, worker.Pid);
            await FollowAsync(run, worker, () => WaitForStrangerAsync(worker, leave), leave);
            return;
        }

        await new RunFollower(run, store, notifier).CatchUpAsync();
        await FinishAsync(run, new WorkerExit(null), killedAfterTimeout: false);
    }

    /// <summary>Forgets how the last attempt ended, so that its status is not taken for that of the worker to come.</summary>
    private static bool Prepare(RunEntry run)
    {
        using var sole = WorkerFiles.TryLock(run.Folder);
        if (sole is null)
        {
            return false;
        }

        WorkerFiles.ClearStop(run.Folder);
        var status = new Learning.Training.Checkpoints.RunStatus(RunStates.Queued, (int)run.Step, (int)(run.TotalSteps ?? 0));
        RunFolder.Open(run.Folder).WriteStatus(status);
        return true;
    }

    private async Task FollowAsync(RunEntry run, WorkerIdentity worker, Func<Task<WorkerExit>> exit, CancellationToken leave)
    {
        var follower = new RunFollower(run, store, notifier);
        var ended = exit();
        var stop = signal.StopToken(run.Id);
        // The request may have been stored before there was a token to cancel.
        var stopping = (await store.FindAsync(run.Id, leave))?.Status == RunStatus.Stopping;
        long? deadline = null;
        var (killed, cancelled) = (false, false);
        using var timer = new PeriodicTimer(timing.Poll);
        try
        {
            while (!ended.IsCompleted)
            {
                await TryCatchUpAsync(follower, run);
                if ((stopping || stop.IsCancellationRequested) && deadline is null)
                {
                    deadline = Stopwatch.GetTimestamp() + (long)(timing.StopTimeout.TotalSeconds * Stopwatch.Frequency);
                    WorkerFiles.RequestStop(run.Folder);
                }
                else if (deadline is not null && !killed && signal.IsKillRequested(run.Id))
                {
                    (killed, cancelled) = (true, true);
                    worker.Kill();
                }
                else if (deadline is { } limit && !killed && Stopwatch.GetTimestamp() > limit)
                {
                    killed = true;
                    worker.Kill();
                }

                await Task.WhenAny(ended, timer.WaitForNextTickAsync(leave).AsTask());
                leave.ThrowIfCancellationRequested();
            }

            var outcome = await ended;
            await follower.CatchUpAsync();
            await FinishAsync(run, outcome, killed, cancelled);
        }
        finally
        {
            signal.Forget(run.Id);
        }
    }

    /// <summary>A full disk or a locked database must not lose a run: the worker goes on, and the same lines are taken next time.</summary>
    private async Task TryCatchUpAsync(RunFollower follower, RunEntry run)
    {
        try
        {
            await follower.CatchUpAsync();
        }
        catch (Exception exception) when (exception is IOException or DbUpdateException or DbException)
        {
            logger.LogWarning(exception, "What run {RunId} wrote could not be stored yet", run.Id);
        }
    }

    private static async Task<WorkerExit> WaitForStrangerAsync(WorkerIdentity worker, CancellationToken leave)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (worker.IsAlive())
        {
            await timer.WaitForNextTickAsync(leave);
        }

        return new WorkerExit(null);
    }

    /// <summary>The worker is gone: its last word (status.json) or its silence decides.</summary>
    private async Task FinishAsync(RunEntry run, WorkerExit exit, bool killedAfterTimeout, bool cancelled = false)
    {
        var folder = RunFolder.Open(run.Folder);
        var last = folder.ReadStatus();
        var (status, reason) = (last?.Status, exit.Code) switch
        {
            (RunStates.Completed, _) => (RunStatus.Completed, last.Message),
            (RunStates.Stopped, _) => (RunStatus.Stopped, last.Message ?? "Stopped on request; it can be resumed."),
            (RunStates.Failed, _) => (RunStatus.Failed, last.Message),
            (_, WorkerFiles.AlreadyWorking) => (RunStatus.Failed, HeldByAnother),
            _ when cancelled => (RunStatus.Stopped, Cancelled),
            _ when killedAfterTimeout => (RunStatus.Interrupted, $"The worker did not stop within {timing.StopTimeout.TotalSeconds:0} s and was killed."),
            _ => (RunStatus.Interrupted, exit.Describe() + await LastWordsAsync(run.Folder)),
        };
        if (status == RunStatus.Interrupted)
        {
            folder.WriteStatus(new Learning.Training.Checkpoints.RunStatus(RunStates.Interrupted, last?.Step ?? 0, last?.TotalSteps ?? 0, reason));
        }

        if (status == RunStatus.Completed && Directory.Exists(folder.FinalPath))
        {
            await AddModelAsync(run, folder.FinalPath);
        }

        await store.UpdateAsync(run.Id, entry => Settle(entry, status, reason));
    }

    private void Settle(RunEntry run, RunStatus status, string? reason)
    {
        // A run that was paused while it trained has saved its checkpoint by now and waits to be released.
        var paused = status == RunStatus.Stopped && run.Held;
        if (paused)
        {
            (run.Status, run.Phase, run.StatusReason) = (RunStatus.Queued, null, "Paused; it goes on from its checkpoint when it is released.");
            return;
        }

        run.Held = false;
        run.Status = status;
        run.Phase = null;
        run.StatusReason = reason;
        run.FinishedAt = store.Now;
    }

    private async Task AddModelAsync(RunEntry run, string path)
    {
        try
        {
            await models.AddAsync(path, run.Name, run.Id, CancellationToken.None);
        }
        catch (UserInputException exception)
        {
            logger.LogError(exception, "The model of run {RunId} could not be added", run.Id);
        }
    }

    private static async Task<string> LastWordsAsync(string runFolder)
    {
        var output = await LogTail.ReadAsync(Path.Combine(runFolder, WorkerLauncher.OutputFile), LogLinesInReason);
        var log = output.Length > 0 ? output : await LogTail.ReadAsync(Path.Combine(runFolder, LogTail.FileName), LogLinesInReason);
        return log.Length == 0 ? "" : $" Its last words:\n{log.TrimEnd()}";
    }
}
