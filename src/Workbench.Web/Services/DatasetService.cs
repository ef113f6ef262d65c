using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Shapes;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>What an import made of a file.</summary>
/// <param name="Dataset">The new dataset.</param>
/// <param name="Rows">Good rows.</param>
/// <param name="BadRows">Lines kept aside.</param>
/// <param name="Bad">The first bad lines (1,000 at most) with their reasons.</param>
public sealed record ImportReport(DatasetEntry Dataset, int Rows, int BadRows, IReadOnlyList<BadRow> Bad);

/// <summary>Datasets: import, browse, delete.</summary>
public sealed class DatasetService(IDbContextFactory<WorkbenchDbContext> database, DatasetStore store, DataFolder folder, TimeProvider clock)
{
    /// <summary>Most rows in one page.</summary>
    public const int MaxPage = 1000;

    /// <summary>
    /// Imports JSON lines. Good rows become version 1 of a new dataset, others are kept aside with line and reason. Either all of it
    /// happens or nothing: the files are written to a temporary folder and published by one rename.
    /// </summary>
    /// <exception cref="UserInputException">No row is usable, or the disk is full.</exception>
    public async Task<ImportReport> ImportAsync(
        Stream source,
        string fileName,
        string? name = null,
        IProgress<ImportProgress>? progress = null,
        ColumnMapping? mapping = null,
        CancellationToken cancellationToken = default)
    {
        fileName = Path.GetFileName(fileName);
        var working = folder.NewTemporaryFolder();
        try
        {
            var result = await RowImport.RunAsync(source, working, new ImportOptions { FileName = fileName, Mapping = mapping }, progress, cancellationToken);
            if (result.Shape is not { } shape)
            {
                throw NothingUsable(fileName, result);
            }

            var now = clock.GetUtcNow();
            var dataset = new DatasetEntry
            {
                Id = ShortId.New(),
                Name = string.IsNullOrWhiteSpace(name) ? Path.GetFileNameWithoutExtension(fileName) : name.Trim(),
                CreatedAt = now,
            };
            dataset.Versions.Add(new DatasetVersion
            {
                DatasetId = dataset.Id,
                Number = 1,
                ContentHash = result.ContentHash,
                Shape = shape,
                Rows = result.Rows,
                BadRows = result.BadRows,
                Bytes = result.Bytes,
                Source = fileName,
                CreatedAt = now,
            });
            cancellationToken.ThrowIfCancellationRequested();
            store.Publish(dataset, working);
            await using var context = await database.CreateDbContextAsync(CancellationToken.None);
            context.Datasets.Add(dataset);
            await context.SaveChangesAsync(CancellationToken.None);
            return new ImportReport(dataset, result.Rows, result.BadRows, result.Bad);
        }
        catch (IOException exception) when (exception is not FileNotFoundException)
        {
            throw new UserInputException(
                $"{fileName} could not be imported: {exception.Message}", "Check the free space of the data folder, then import again.", folder.Root, exception);
        }
        finally
        {
            if (Directory.Exists(working))
            {
                Directory.Delete(working, recursive: true);
            }
        }
    }

    /// <summary>All datasets, newest first.</summary>
    public async Task<IReadOnlyList<DatasetEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Datasets.AsNoTracking().OrderByDescending(dataset => dataset.CreatedAt).ThenBy(dataset => dataset.Id).ToListAsync(cancellationToken);
    }

    /// <exception cref="UserInputException">There is no such dataset.</exception>
    public async Task<DatasetEntry> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Datasets.AsNoTracking().SingleOrDefaultAsync(dataset => dataset.Id == id, cancellationToken)
            ?? throw UserInputException.Missing("dataset", id);
    }

    /// <summary>A page of rows of the newest version.</summary>
    /// <param name="id">The dataset.</param>
    /// <param name="skip">Rows before the page.</param>
    /// <param name="take">Rows in the page, <see cref="MaxPage"/> at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<JsonElement>> RowsAsync(string id, int skip, int take, CancellationToken cancellationToken = default)
    {
        var dataset = await GetAsync(id, cancellationToken);
        return await store.Open(dataset.Latest).ReadAsync(skip, Math.Clamp(take, 0, MaxPage), cancellationToken);
    }

    /// <summary>A page of rows of one version.</summary>
    /// <inheritdoc cref="RowsAsync(string, int, int, CancellationToken)"/>
    public Task<IReadOnlyList<JsonElement>> RowsAsync(DatasetVersion version, int skip, int take, CancellationToken cancellationToken = default) =>
        store.Open(version).ReadAsync(skip, Math.Clamp(take, 0, MaxPage), cancellationToken);

    /// <summary>The lines of the newest version that were not understood.</summary>
    public async Task<IReadOnlyList<BadRow>> BadRowsAsync(string id, int take = MaxPage, CancellationToken cancellationToken = default)
    {
        var dataset = await GetAsync(id, cancellationToken);
        return await store.Open(dataset.Latest).ReadBadAsync(Math.Clamp(take, 0, MaxPage), cancellationToken);
    }

    /// <summary>Path of the newest version's canonical rows: what a run trains on.</summary>
    public Task<string> RowsPathAsync(string id, CancellationToken cancellationToken = default) => RowsPathAsync(id, null, cancellationToken);

    /// <summary>Path of the rows of one version; of the newest for null.</summary>
    /// <exception cref="UserInputException">There is no such dataset or version, or its rows were let go.</exception>
    public async Task<string> RowsPathAsync(string id, int? version, CancellationToken cancellationToken = default) =>
        store.Open(DatasetRecipes.VersionOf(await GetAsync(id, cancellationToken), version)).RowsPath;

    /// <summary>Deletes the dataset with all its versions.</summary>
    /// <exception cref="UserInputException">There is no such dataset, or a run that is not over trains on it.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var dataset = await GetAsync(id, cancellationToken);
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var prefix = store.FolderOf(id) + Path.DirectorySeparatorChar;
        var user = await context.Runs.AsNoTracking()
            .Where(run => run.Status == RunStatus.Queued || run.Status == RunStatus.Running || run.Status == RunStatus.Stopping)
            .FirstOrDefaultAsync(run => run.Dataset.StartsWith(prefix), cancellationToken);
        if (user is not null)
        {
            throw new UserInputException($"The run \"{user.Name}\" trains on \"{dataset.Name}\".", "Stop the run first.", $"run {user.Id}");
        }

        var removed = store.Unpublish(id);
        await context.Datasets.Where(row => row.Id == id).ExecuteDeleteAsync(CancellationToken.None);
        var used = (await context.Set<DatasetVersion>().Select(version => version.ContentHash).ToListAsync(CancellationToken.None)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in dataset.Versions.Where(version => !used.Contains(version.ContentHash)).SelectMany(version => folder.DerivedOf(version.ContentHash)).Append(folder.ReviewsOf(id)).Where(File.Exists).ToList())
        {
            File.Delete(file); // what was derived of the rows, and said about them, goes with them
        }

        foreach (var gone in new[] { removed, folder.CandidatesOf(id) }.OfType<string>().Where(Directory.Exists))
        {
            Directory.Delete(gone, recursive: true);
        }
    }

    private static UserInputException NothingUsable(string fileName, ImportResult result) => result.Bad.Count == 0
        ? new UserInputException($"{fileName} is empty.", "Upload rows of training data: JSON lines, a JSON list, or CSV; gz and zst of them.")
        : new UserInputException(
            $"None of the {result.BadRows:N0} rows of {fileName} is usable: {result.Bad[0].Reason}.",
            "Give rows such as {\"messages\":[{\"role\":\"user\",\"content\":\"…\"},{\"role\":\"assistant\",\"content\":\"…\"}]}, or say in a mapping which columns are what.",
            $"row {result.Bad[0].Line}");
}
