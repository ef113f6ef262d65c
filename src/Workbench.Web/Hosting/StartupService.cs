using Microsoft.EntityFrameworkCore;
using Workbench.Web.Persistence;
using Workbench.Web.Services;

namespace Workbench.Web.Hosting;

/// <summary>
/// Before anything is served: brings the database up to date, throws away half-finished work, and makes catalogue and folders agree.
/// </summary>
internal sealed class StartupService(IDbContextFactory<WorkbenchDbContext> database, DatasetStore datasets, DataFolder folder) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var leftOver in Directory.EnumerateDirectories(folder.Temporary))
        {
            Directory.Delete(leftOver, recursive: true);
        }

        await using var context = await database.CreateDbContextAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        await ReconcileDatasetsAsync(context, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>An import or a deletion may have ended between its rename and its row: the folders are right.</summary>
    private async Task ReconcileDatasetsAsync(WorkbenchDbContext context, CancellationToken cancellationToken)
    {
        var known = await context.Datasets.ToDictionaryAsync(dataset => dataset.Id, cancellationToken);
        foreach (var dataset in datasets.Enumerate())
        {
            if (!known.Remove(dataset.Id))
            {
                context.Datasets.Add(dataset);
            }
        }

        context.Datasets.RemoveRange(known.Values);
        await context.SaveChangesAsync(cancellationToken);
    }
}
