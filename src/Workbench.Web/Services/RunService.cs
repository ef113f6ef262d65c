using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Workbench.Learning.Evaluation;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>Training runs: queue, stop, resume, look at, delete. The hosted service does the work (<c>Jobs/</c>).</summary>
public sealed class RunService(
    IDbContextFactory<WorkbenchDbContext> database,
    RunPlanner planner,
    RunNotifier notifier,
    RunSignal signal,
    DataFolder folder,
    TimeProvider clock)
{
    /// <summary>Most metric lines in one answer.</summary>
    public const int MaxPoints = 10_000;

    /// <summary>Checks the configuration and queues a run.</summary>
    /// <param name="config">JSON with TRL's names; model_name_or_path and dataset are paths or ids of this workbench.</param>
    /// <param name="name">What to call it; by default model and dataset.</param>
    /// <param name="cancellationToken">Cancels before anything is stored.</param>
    /// <exception cref="UserInputException">The configuration has an unknown key, a wrong value, or names what does not exist.</exception>
    public async Task<RunEntry> CreateAsync(string config, string? name = null, CancellationToken cancellationToken = default)
    {
        var id = ShortId.New();
        var runFolder = Path.Combine(folder.Runs, id);
        var plan = await planner.PlanAsync(config, name, runFolder, cancellationToken);
        var now = clock.GetUtcNow();
        var run = new RunEntry
        {
            Id = id,
            Name = plan.Name,
            Status = RunStatus.Queued,
            Method = plan.Config.Method,
            Model = plan.Config.ModelNameOrPath,
            Dataset = plan.Config.Dataset,
            Config = plan.Config.ToJson(),
            Folder = runFolder,
            QueuePosition = now.ToUnixTimeMilliseconds(),
            CreatedAt = now,
        };
        RunPlanner.WriteFolder(plan);
        await using var context = await database.CreateDbContextAsync(CancellationToken.None);
        context.Runs.Add(run);
        await context.SaveChangesAsync(CancellationToken.None);
        notifier.Publish(new RunStatusChanged(id, run));
        signal.Set();
        return run;
    }

    /// <summary>All runs, newest first.</summary>
    public async Task<IReadOnlyList<RunEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Runs.AsNoTracking().OrderByDescending(run => run.CreatedAt).ThenBy(run => run.Id).ToListAsync(cancellationToken);
    }

    /// <exception cref="UserInputException">There is no such run.</exception>
    public async Task<RunEntry> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, cancellationToken)
            ?? throw UserInputException.Missing("run", id);
    }

    /// <summary>Takes the run out of the queue, or asks its worker to save a checkpoint and end.</summary>
    /// <exception cref="UserInputException">There is no such run, or it is over.</exception>
    public async Task<RunEntry> StopAsync(string id, CancellationToken cancellationToken = default)
    {
        var run = await GetAsync(id, cancellationToken);
        if (!run.Status.CanStop())
        {
            throw new UserInputException(
                $"The run \"{run.Name}\" cannot be stopped: it is {Word(run.Status)}.", "Only queued and running runs can be stopped.", $"run {id}");
        }

        var now = clock.GetUtcNow();
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var dequeued = await context.Runs.Where(row => row.Id == id && row.Status == RunStatus.Queued).ExecuteUpdateAsync(
            row => row.SetProperty(r => r.Status, RunStatus.Stopped)
                .SetProperty(r => r.StatusReason, "Taken out of the queue.")
                .SetProperty(r => r.Held, false)
                .SetProperty(r => r.FinishedAt, now),
            cancellationToken);
        if (dequeued == 0)
        {
            await context.Runs.Where(row => row.Id == id && row.Status == RunStatus.Running)
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.Status, RunStatus.Stopping), cancellationToken);
            signal.RequestStop(id);
        }

        return await TellAsync(id);
    }

    /// <summary>Queues a run again, from its last checkpoint, or from the start where it has none.</summary>
    /// <exception cref="UserInputException">There is no such run, or it has nothing to resume.</exception>
    public async Task<RunEntry> ResumeAsync(string id, CancellationToken cancellationToken = default)
    {
        var run = await GetAsync(id, cancellationToken);
        var position = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var queued = !run.Status.CanResume() ? 0 : await context.Runs
            .Where(row => row.Id == id && row.Status == run.Status)
            .ExecuteUpdateAsync(
                row => row.SetProperty(r => r.Status, RunStatus.Queued)
                    .SetProperty(r => r.StatusReason, (string?)null)
                    .SetProperty(r => r.FinishedAt, (DateTimeOffset?)null)
                    .SetProperty(r => r.Held, false)
                    .SetProperty(r => r.QueuePosition, position),
                cancellationToken);
        if (queued == 0)
        {
            throw new UserInputException(
                $"The run \"{run.Name}\" cannot be resumed: it is {Word(run.Status)}.",
                "Stopped, failed and interrupted runs can be resumed; start a new run for more training.",
                $"run {id}");
        }

        signal.Set();
        return await TellAsync(id);
    }

    /// <summary>Deletes the run with its folder.</summary>
    /// <exception cref="UserInputException">There is no such run, it is not over, or its model is still in the list of models.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var run = await GetAsync(id, cancellationToken);
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var model = await context.Models.AsNoTracking().FirstOrDefaultAsync(entry => entry.ParentRunId == id, cancellationToken);
        if (model is not null)
        {
            throw new UserInputException(
                $"The model \"{model.Name}\" lies in the folder of the run \"{run.Name}\".", "Remove the model from the list of models first.", $"model {model.Id}");
        }

        var deleted = await context.Runs.Where(row =>
                row.Id == id && row.Status != RunStatus.Queued && row.Status != RunStatus.Running && row.Status != RunStatus.Stopping)
            .ExecuteDeleteAsync(cancellationToken);
        if (deleted == 0)
        {
            throw new UserInputException($"The run \"{run.Name}\" is {Word(run.Status)}.", "Stop it before deleting it.", $"run {id}");
        }

        if (Directory.Exists(run.Folder))
        {
            // Out of sight first: a half-deleted run folder must not be taken for a run at the next start.
            var removed = Path.Combine(folder.Temporary, ShortId.New());
            Directory.Move(run.Folder, removed);
            Directory.Delete(removed, recursive: true);
        }

        notifier.Publish(new RunDeleted(id));
    }

    /// <summary>Metric lines from sequence number <paramref name="fromSeq"/> on, <paramref name="take"/> at most, in order.</summary>
    public async Task<IReadOnlyList<RunMetric>> MetricsAsync(
        string id, long fromSeq = 0, int take = MaxPoints, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.RunMetrics.AsNoTracking()
            .Where(metric => metric.RunId == id && metric.Seq >= fromSeq)
            .OrderBy(metric => metric.Seq)
            .Take(Math.Clamp(take, 0, MaxPoints))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Steps of the run's checkpoints, ascending; none where its folder is gone.</summary>
    public static IReadOnlyList<int> Checkpoints(RunEntry run) => Directory.Exists(run.Folder)
        ? [.. Directory.EnumerateDirectories(run.Folder, "checkpoint-*")
            .Select(path => int.TryParse(Path.GetFileName(path)["checkpoint-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1)
            .Where(step => step >= 0).Order()]
        : [];

    /// <summary>What the model answered at each evaluation, by step; none where its folder is gone.</summary>
    public static IReadOnlyList<SamplePoint> Samples(RunEntry run) => Directory.Exists(run.Folder) ? Learning.Training.Checkpoints.RunFolder.ReadSamples(run.Folder) : [];

    /// <summary>What a policy answered in logged steps of GRPO, and how it was rewarded; none where its folder is gone.</summary>
    public static IReadOnlyList<CompletionPoint> Completions(RunEntry run) => Directory.Exists(run.Folder) ? Learning.Training.Checkpoints.CompletionFile.Read(run.Folder) : [];

    /// <summary>The last <paramref name="tail"/> lines of the run's log.</summary>
    public async Task<string> LogAsync(string id, int tail = 200, CancellationToken cancellationToken = default)
    {
        var run = await GetAsync(id, cancellationToken);
        return await LogTail.ReadAsync(Path.Combine(run.Folder, LogTail.FileName), tail, cancellationToken);
    }

    internal static string Word(RunStatus status) => status.ToString().ToLowerInvariant();

    private async Task<RunEntry> TellAsync(string id)
    {
        var run = await GetAsync(id, CancellationToken.None);
        notifier.Publish(new RunStatusChanged(id, run));
        return run;
    }
}
