using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Workbench.Data.Filters;
using Workbench.Data.Filters.Models;
using Workbench.Data.Formats;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services.Rows;

namespace Workbench.Web.Services;

/// <summary>A row that a recipe removes or changes.</summary>
/// <param name="Row">Its number in the parent, from 1.</param>
/// <param name="Step">Index of the operator.</param>
/// <param name="Reason">Why it goes; null where it stays, changed.</param>
/// <param name="Change">What was changed; null for nothing.</param>
/// <param name="Json">The row as the step left it.</param>
public sealed record RecipeEffect(int Row, int Step, string? Reason, string? Change, JsonElement Json);

/// <summary>What a recipe would do.</summary>
public sealed record RecipePreview(int Rows, int Kept, IReadOnlyList<StepCount> Steps, IReadOnlyList<RecipeEffect> Effects);

/// <summary>The version that a recipe made.</summary>
public sealed record DerivedVersion(DatasetVersion Version, IReadOnlyList<StepCount> Steps);

/// <summary>New versions of datasets by recipes: the parent stays as it is, what is removed is kept aside with its reason.</summary>
public sealed class DatasetRecipes(
    IDbContextFactory<WorkbenchDbContext> database, DatasetService datasets, DatasetStore store, RowModels.RowModels models, DataFolder folder, TimeProvider clock) : IDisposable
{
    /// <summary>Rows that a preview looks at unless told otherwise.</summary>
    public const int PreviewRows = 1000;

    /// <summary>The same where a model reads the rows, which takes its time.</summary>
    public const int ModelPreviewRows = 100;

    private const int ListedEffects = 200;

    private readonly SemaphoreSlim one = new(1, 1); // versions are numbered one after another

    public void Dispose() => one.Dispose();

    /// <summary>How many rows a preview of a recipe looks at unless told otherwise.</summary>
    public static int PreviewRowsOf(Recipe recipe) => recipe.Steps.Any(step => step is IModelOperator) ? ModelPreviewRows : PreviewRows;

    /// <summary>Runs a recipe over the first rows of a version and keeps nothing.</summary>
    /// <param name="id">The dataset.</param>
    /// <param name="recipe">Operators in their order.</param>
    /// <param name="parent">The version; null for the newest.</param>
    /// <param name="rows">How many rows to look at; null for <see cref="PreviewRowsOf"/>.</param>
    /// <param name="onRow">Told of each row that is read; null for nobody.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="OperatorException">A parameter is wrong.</exception>
    public async Task<RecipePreview> PreviewAsync(string id, Recipe recipe, int? parent = null, int? rows = null, Action? onRow = null, CancellationToken cancellationToken = default)
    {
        var version = VersionOf(await datasets.GetAsync(id, cancellationToken), parent);
        using var asked = await models.BeginAsync(recipe, cancellationToken);
        return await Task.Run(
            () =>
            {
                var pipeline = new Pipeline(recipe.Bound(asked), asked);
                var effects = new List<RecipeEffect>();
                var read = 0;
                var kept = pipeline.Run(Rows(version, cancellationToken).Take(Math.Clamp(rows ?? PreviewRowsOf(recipe), 1, version.Rows)).Select(row =>
                {
                    read++;
                    onRow?.Invoke();
                    return row;
                }), Observe, cancellationToken).Count();
                return new RecipePreview(read, kept, pipeline.Counts, effects);

                void Observe(StepVerdict step)
                {
                    if (effects.Count < ListedEffects)
                    {
                        var (item, reason, change) = step.Verdict;
                        effects.Add(new RecipeEffect(item.Number, step.Step, reason, change, item.Row.Json));
                    }
                }
            },
            cancellationToken);
    }

    /// <summary>Makes the next version of the rows that pass. All of it happens or nothing.</summary>
    /// <param name="id">The dataset.</param>
    /// <param name="recipe">Operators in their order; kept with every parameter.</param>
    /// <param name="parent">The version to start from; null for the newest.</param>
    /// <param name="onRow">Told of each row that is read; null for nobody.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is left behind.</param>
    /// <exception cref="OperatorException">A parameter is wrong.</exception>
    /// <exception cref="UserInputException">There is no such version, no row passes, or the disk is full.</exception>
    public async Task<DerivedVersion> ApplyAsync(
        string id, Recipe recipe, int? parent = null, Action? onRow = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<StepCount> steps = [];
        using var asked = await models.BeginAsync(recipe, cancellationToken);
        var version = await AppendAsync(id, parent, (dataset, source, working) =>
        {
            (var made, steps) = Write(dataset, source, recipe.Bound(asked), asked, working, onRow, cancellationToken);
            return made;
        }, cancellationToken);
        return new DerivedVersion(version, steps);
    }

    /// <summary>Does something that no version may be made beside.</summary>
    /// <exception cref="UserInputException">One is being made.</exception>
    internal async Task ExclusivelyAsync(Func<Task> work)
    {
        if (!one.Wait(0))
        {
            throw new UserInputException("A version is being made.", "Wait for its end, or cancel it.", "versions");
        }

        try
        {
            await work();
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Makes a version once more, of its parent by its recipe, and compares the rows byte for byte. Rows that were let go come back if they are the same.</summary>
    /// <param name="id">The dataset.</param>
    /// <param name="number">The version.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <returns>SHA-256 of the rows that the recipe makes today: the version's own where they are the same.</returns>
    /// <exception cref="UserInputException">There is no such version, or no recipe made it.</exception>
    public async Task<string> ReproduceAsync(string id, int number, CancellationToken cancellationToken = default)
    {
        var dataset = await datasets.GetAsync(id, cancellationToken);
        if (VersionOf(dataset, number) is not { Recipe: { } recipe, Parent: { } parent })
        {
            throw new UserInputException($"Version {number} was not made by a recipe.", "Only what a recipe made can be made again.", $"{id} v{number}");
        }

        var steps = Recipe.Parse(recipe);
        using var asked = await models.BeginAsync(steps, cancellationToken);
        var working = folder.NewTemporaryFolder();
        try
        {
            return await Task.Run(
                () =>
                {
                    var made = Write(dataset, VersionOf(dataset, parent), steps.Bound(asked), asked, working, null, cancellationToken).Version.ContentHash;
                    var version = VersionOf(dataset, number);
                    if (made == version.ContentHash && !store.HasRows(version))
                    {
                        store.BringBack(version, working);
                    }

                    return made;
                },
                cancellationToken);
        }
        finally
        {
            if (Directory.Exists(working))
            {
                Directory.Delete(working, recursive: true);
            }
        }
    }

    /// <summary>Makes the next version of a dataset. All of it happens or nothing.</summary>
    /// <param name="id">The dataset.</param>
    /// <param name="parent">The version to start from; null for the newest.</param>
    /// <param name="write">Writes the rows of the version into a folder, and describes it.</param>
    /// <param name="cancellationToken">Until the version is published; nothing is left behind.</param>
    /// <exception cref="UserInputException">There is no such version, or the disk is full.</exception>
    public async Task<DatasetVersion> AppendAsync(
        string id, int? parent, Func<DatasetEntry, DatasetVersion, string, DatasetVersion> write, CancellationToken cancellationToken = default)
    {
        await one.WaitAsync(cancellationToken);
        var working = folder.NewTemporaryFolder();
        try
        {
            var dataset = await datasets.GetAsync(id, cancellationToken);
            var source = VersionOf(dataset, parent);
            var version = await Task.Run(() => write(dataset, source, working), cancellationToken);
            dataset.Versions.Add(version);
            cancellationToken.ThrowIfCancellationRequested();
            store.Append(dataset, working);
            await using var context = await database.CreateDbContextAsync(CancellationToken.None);
            context.Set<DatasetVersion>().Add(version);
            await context.SaveChangesAsync(CancellationToken.None);
            return version;
        }
        catch (IOException exception) when (exception is not FileNotFoundException)
        {
            throw new UserInputException($"The version could not be written: {exception.Message}", "Check the free space of the data folder, then do it again.", folder.Root, exception);
        }
        finally
        {
            if (Directory.Exists(working))
            {
                Directory.Delete(working, recursive: true);
            }

            one.Release();
        }
    }

    private (DatasetVersion Version, IReadOnlyList<StepCount> Steps) Write(
        DatasetEntry dataset, DatasetVersion source, Recipe recipe, IRowModels asked, string working, Action? onRow, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline(recipe, asked);
        using var writer = new RowFileWriter(working);
        var kept = pipeline.Run(
            Rows(source, cancellationToken).Select(item =>
            {
                onRow?.Invoke();
                return item;
            }),
            step =>
            {
                if (step.Verdict.Reason is { } reason)
                {
                    writer.AddBad(new BadRow(step.Verdict.Item.Number, $"{Recipe.NameOf(recipe.Steps[step.Step])}: {reason}", step.Verdict.Item.Row.Json.GetRawText()));
                }
            },
            cancellationToken);
        foreach (var item in kept)
        {
            writer.Add(item.Row.Json);
        }

        if (writer.Rows == 0)
        {
            throw new UserInputException("No row passes the recipe.", "Preview it, and loosen the step that removes most.", "recipe");
        }

        var hash = writer.Complete();
        return (new DatasetVersion
        {
            DatasetId = dataset.Id,
            Number = dataset.Latest.Number + 1,
            ContentHash = hash,
            Shape = source.Shape,
            Rows = writer.Rows,
            BadRows = writer.BadRows,
            Bytes = writer.Bytes,
            Source = source.Source,
            Parent = source.Number,
            Recipe = recipe.ToJson(),
            CreatedAt = clock.GetUtcNow(),
        }, pipeline.Counts);
    }

    internal static DatasetVersion VersionOf(DatasetEntry dataset, int? number) => number is null ? dataset.Latest
        : dataset.Versions.Find(version => version.Number == number) ?? throw UserInputException.Missing("version", $"{dataset.Id} v{number}");

    private IEnumerable<RowItem> Rows(DatasetVersion version, CancellationToken cancellationToken) => CanonicalRows.Read(store.Open(version).RowsPath, cancellationToken);
}
