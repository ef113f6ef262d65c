using System.Globalization;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>Where a model comes from.</summary>
/// <param name="Source">The site or upload; null for a folder that was added.</param>
/// <param name="Run">The run that trained it; null where none did, or it was deleted.</param>
/// <param name="Parent">The model that the run began with, or an adapter's base model; null where it is not in the list.</param>
/// <param name="Dataset">The dataset that the run learnt from; null where it was a file of its own, or was deleted.</param>
/// <param name="DatasetVersion">The version of it.</param>
/// <param name="DatasetPath">What the run's configuration names as its dataset.</param>
public sealed record ModelOrigin(
    ModelSource? Source, RunEntry? Run, ModelEntry? Parent, DatasetEntry? Dataset, int? DatasetVersion, string? DatasetPath);

/// <summary>What would miss a model.</summary>
/// <param name="Adapters">Adapters that have it as their base.</param>
/// <param name="ActiveRuns">Runs that are queued or at work and begin with it.</param>
/// <param name="EndedRuns">Ended runs that began with it; they cannot be resumed without it.</param>
public sealed record ModelDependents(IReadOnlyList<ModelEntry> Adapters, IReadOnlyList<RunEntry> ActiveRuns, IReadOnlyList<RunEntry> EndedRuns);

/// <summary>Follows models back to runs, data and parents, and forward to what needs them.</summary>
public sealed class ModelLineage(ModelService models, RunService runs, DatasetService datasets, DataFolder folder)
{
    /// <summary>Where the model comes from.</summary>
    public async Task<ModelOrigin> OriginAsync(ModelEntry model, CancellationToken cancellationToken = default)
    {
        var all = await models.ListAsync(cancellationToken);
        var run = model.ParentRunId is { } id ? (await runs.ListAsync(cancellationToken)).FirstOrDefault(entry => entry.Id == id) : null;
        var parent = all.FirstOrDefault(entry => entry.Id != model.Id && SamePath(entry.Path, run?.Model ?? model.BasePath));
        var data = DatasetOf(run?.Dataset);
        var dataset = data is { } named ? (await datasets.ListAsync(cancellationToken)).FirstOrDefault(entry => entry.Id == named.Id) : null;
        return new ModelOrigin(ModelSource.Read(model.Path), run, parent, dataset, data?.Version, run?.Dataset);
    }

    /// <summary>What would miss the model.</summary>
    public async Task<ModelDependents> DependentsAsync(ModelEntry model, CancellationToken cancellationToken = default)
    {
        var adapters = (await models.ListAsync(cancellationToken)).Where(entry => SamePath(entry.BasePath, model.Path)).ToList();
        var users = (await runs.ListAsync(cancellationToken)).Where(run => SamePath(run.Model, model.Path)).ToLookup(run => run.Status <= RunStatus.Stopping);
        return new ModelDependents(adapters, [.. users[true]], [.. users[false]]);
    }

    /// <summary>Whether the model's files are the workbench's own: fetched, uploaded or written by it, not by a run.</summary>
    public bool OwnsFiles(ModelEntry model) => model.Path.StartsWith(folder.Models + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Takes the model off the list, and deletes its files where they are the workbench's own.</summary>
    /// <exception cref="UserInputException">A run that is queued or at work needs the files.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var model = await models.GetAsync(id, cancellationToken);
        if (OwnsFiles(model) && (await DependentsAsync(model, cancellationToken)).ActiveRuns is [var run, ..])
        {
            throw new UserInputException($"The run {run.Name} needs the files of {model.Name}.", "Cancel the run or wait for its end, then delete the model.", run.Id);
        }

        await models.RemoveAsync(id, cancellationToken);
        if (OwnsFiles(model) && Directory.Exists(model.Path))
        {
            // By one rename out of sight: a folder that is half deleted must not look like a model.
            var gone = Path.Combine(folder.Temporary, ShortId.New());
            Directory.Move(model.Path, gone);
            Directory.Delete(gone, recursive: true);
        }
    }

    /// <summary>Id and version of a dataset of the workbench by the path of its rows: <c>datasets/ID/vN-HASH/…</c>.</summary>
    private (string Id, int Version)? DatasetOf(string? path)
    {
        if (path is null || !path.StartsWith(folder.Datasets + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = Path.GetRelativePath(folder.Datasets, path).Split(Path.DirectorySeparatorChar);
        return parts is [var id, ['v', ..] version, ..] && int.TryParse(version[1..].Split('-')[0], CultureInfo.InvariantCulture, out var number) ? (id, number) : null;
    }

    private static bool SamePath(string? one, string? other) =>
        one is not null && other is not null && Path.TrimEndingDirectorySeparator(one) == Path.TrimEndingDirectorySeparator(other);
}
