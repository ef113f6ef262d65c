using Microsoft.EntityFrameworkCore;
using Workbench.Web.Jobs;
using Workbench.Web.Persistence;
using Workbench.Web.Services;

namespace Workbench.Web.Hosting;

/// <summary>
/// Before anything is served: brings the database up to date, throws away half-finished work, and makes catalogue and folders agree.
/// </summary>
internal sealed class StartupService(
    IDbContextFactory<WorkbenchDbContext> database, DatasetStore datasets, RunCatalogue runs, DataFolder folder) : IHostedService, IDisposable
{
    private FileStream? sole;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        sole = folder.TryLock() ?? throw new UserInputException(
            $"Another workbench already serves the data folder {folder.Root}.", "Use that one, end it first, or set WORKBENCH_DATA to another folder.", folder.Root);
        foreach (var leftOver in Directory.EnumerateDirectories(folder.Temporary))
        {
            Directory.Delete(leftOver, recursive: true);
        }

        await using var context = await database.CreateDbContextAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        await ReconcileDatasetsAsync(context, cancellationToken);
        await runs.ReconcileAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => sole?.Dispose();

    /// <summary>An import, a recipe or a deletion may have ended between its rename and its row: the folders are right.</summary>
    private async Task ReconcileDatasetsAsync(WorkbenchDbContext context, CancellationToken cancellationToken)
    {
        var known = await context.Datasets.ToDictionaryAsync(dataset => dataset.Id, cancellationToken);
        foreach (var dataset in datasets.Enumerate())
        {
            if (!known.Remove(dataset.Id, out var listed))
            {
                context.Datasets.Add(dataset);
            }
            else
            {
                listed.Versions.AddRange(dataset.Versions.ExceptBy(listed.Versions.Select(version => version.Number), version => version.Number));
            }
        }

        context.Datasets.RemoveRange(known.Values);
        await context.SaveChangesAsync(cancellationToken);
    }
}
