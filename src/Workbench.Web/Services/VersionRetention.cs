using Microsoft.EntityFrameworkCore;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services.Candidates;

namespace Workbench.Web.Services;

/// <summary>
/// What of a dataset's history is kept: the newest version can be taken back, as if it had not been made; older ones can let their rows go and keep
/// their hash, their recipe and their place in the lineage. Nothing goes that somebody still needs.
/// </summary>
public sealed class VersionRetention(
    IDbContextFactory<WorkbenchDbContext> database, DatasetService datasets, DatasetRecipes recipes, DatasetStore store, CandidateStore candidates, DataFolder folder)
{
    /// <summary>Takes the newest version back.</summary>
    /// <param name="id">The dataset.</param>
    /// <param name="number">The version: the newest, and not the only one.</param>
    /// <param name="cancellationToken">Until it begins.</param>
    /// <exception cref="UserInputException">It is another one, or something was made of it.</exception>
    public Task TakeBackAsync(string id, int number, CancellationToken cancellationToken = default) => recipes.ExclusivelyAsync(async () =>
    {
        var dataset = await datasets.GetAsync(id, cancellationToken);
        var version = DatasetRecipes.VersionOf(dataset, number);
        if (version != dataset.Latest || dataset.Versions.Count == 1)
        {
            throw new UserInputException($"Version {number} cannot be taken back.", "Only the newest version can, and never the first: delete the dataset instead.", $"{id} v{number}");
        }

        if (candidates.Request(id)?.Version == number)
        {
            throw new UserInputException($"Answers were sampled to the prompts of version {number}.", "Sample answers to those of another version first; or leave this one and let its rows go later.", $"{id} v{number}");
        }

        await using var context = await database.CreateDbContextAsync(cancellationToken);
        await RefuseNeededAsync(context, version, run => true, "was trained on it: its model's lineage would lead nowhere", cancellationToken);

        // First the row, then the description: what ends in between brings the version back at the next start.
        await context.Set<DatasetVersion>().Where(row => row.DatasetId == id && row.Number == number).ExecuteDeleteAsync(CancellationToken.None);
        dataset.Versions.Remove(version);
        store.TakeBack(dataset, version);
        await ForgetIndexAsync(context, version);
    });

    /// <summary>Lets the rows of an older version go.</summary>
    /// <param name="id">The dataset.</param>
    /// <param name="number">The version: not the newest.</param>
    /// <param name="cancellationToken">Until it begins.</param>
    /// <exception cref="UserInputException">It is the newest, or a run may still need it.</exception>
    public Task DropRowsAsync(string id, int number, CancellationToken cancellationToken = default) => recipes.ExclusivelyAsync(async () =>
    {
        var dataset = await datasets.GetAsync(id, cancellationToken);
        var version = DatasetRecipes.VersionOf(dataset, number);
        if (version == dataset.Latest)
        {
            throw new UserInputException($"Version {number} is the newest.", "The newest version keeps its rows.", $"{id} v{number}");
        }

        await using var context = await database.CreateDbContextAsync(cancellationToken);
        await RefuseNeededAsync(context, version, run => run.Status != RunStatus.Completed, "may still need its rows", cancellationToken);
        store.DropRows(version);
        await ForgetIndexAsync(context, version);
    });

    private async Task RefuseNeededAsync(
        WorkbenchDbContext context, DatasetVersion version, Func<RunEntry, bool> needs, string why, CancellationToken cancellationToken)
    {
        var prefix = store.VersionFolder(version) + Path.DirectorySeparatorChar;
        var runs = await context.Runs.AsNoTracking().Where(run => run.Dataset.StartsWith(prefix) || run.Config.Contains(prefix)).ToListAsync(cancellationToken);
        if (runs.Find(run => needs(run)) is { } user)
        {
            throw new UserInputException($"The run \"{user.Name}\" {why}.", "Delete the run first, or leave the version as it is.", $"run {user.Id}");
        }
    }

    /// <summary>The index was made of the rows, and can be made again.</summary>
    private async Task ForgetIndexAsync(WorkbenchDbContext context, DatasetVersion version)
    {
        var alike = await context.Set<DatasetVersion>().AsNoTracking().Where(other => other.ContentHash == version.ContentHash).ToListAsync(CancellationToken.None);
        foreach (var file in alike.Exists(store.HasRows) ? [] : folder.DerivedOf(version.ContentHash).ToList())
        {
            File.Delete(file);
        }
    }
}
