using Microsoft.EntityFrameworkCore;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using RunStatus = Workbench.Web.Persistence.Entities.RunStatus;

namespace Workbench.Web.Jobs;

/// <summary>Rebuilds rows from run folders: a folder alone is enough.</summary>
public sealed class RunCatalogue(IDbContextFactory<WorkbenchDbContext> database, DataFolder folder, ILogger<RunCatalogue> logger)
{
    /// <summary>
    /// Adds a row for every run folder that has none. Its metrics follow when the queue takes it up: every rebuilt run is marked as
    /// running for that, since only its worker (or the lack of one) and its status.json say how it stands.
    /// </summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var known = (await context.Runs.Select(run => run.Id).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateDirectories(folder.Runs).Where(path => !known.Contains(Path.GetFileName(path))))
        {
            if (Rebuild(path) is { } run)
            {
                context.Runs.Add(run);
                logger.LogInformation("Run {RunId} was found in its folder and is listed again", run.Id);
            }
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private RunEntry? Rebuild(string path)
    {
        var configPath = Path.Combine(path, "config.json");
        try
        {
            var config = RunConfig.Parse(File.ReadAllText(configPath));
            var created = new DateTimeOffset(File.GetLastWriteTimeUtc(configPath));
            var queued = StatusFile.Read(path)?.Status == RunStates.Queued && WorkerIdentity.Read(path) is null;
            return new RunEntry
            {
                Id = Path.GetFileName(path),
                Name = config.RunName ?? Path.GetFileName(path),
                Status = queued ? RunStatus.Queued : RunStatus.Running,
                Method = config.Method,
                Model = config.ModelNameOrPath,
                Dataset = config.Dataset,
                Config = config.ToJson(),
                Folder = path,
                QueuePosition = created.ToUnixTimeMilliseconds(),
                CreatedAt = created,
                StartedAt = queued ? null : WorkerIdentity.Read(path)?.StartedAt ?? created,
            };
        }
        catch (Exception exception) when (exception is IOException or RunConfigException)
        {
            logger.LogWarning("The folder {Path} is no run: {Reason}", path, exception.Message);
            return null;
        }
    }
}
