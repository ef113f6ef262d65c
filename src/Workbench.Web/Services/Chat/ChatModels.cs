using System.Globalization;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Chat;

/// <summary>Weights to load.</summary>
/// <param name="Name">As pages and API call them.</param>
/// <param name="Path">Folder of a model or of an adapter.</param>
/// <param name="BasePath">Folder of the adapter's base model; null for a model.</param>
public sealed record ChatWeights(string Name, string Path, string? BasePath);

/// <summary>Which weights a choice of model, adapter and checkpoint means.</summary>
public sealed class ChatModels(ModelService models, RunService runs)
{
    private const string CheckpointMark = "@checkpoint-";

    /// <summary>The weights of a choice.</summary>
    /// <exception cref="UserInputException">One of the three is not there.</exception>
    public async Task<ChatWeights> ResolveAsync(string modelId, string? adapterId, int? checkpoint, CancellationToken cancellationToken = default)
    {
        var model = await models.GetAsync(modelId, cancellationToken);
        var adapter = string.IsNullOrEmpty(adapterId) ? null : await models.GetAsync(adapterId, cancellationToken);
        if (adapter is { BasePath: null })
        {
            throw new UserInputException($"{adapter.Name} is no adapter.", "Choose it as the model.", "adapter");
        }

        var chosen = adapter ?? model;
        var weights = new ChatWeights(
            adapter is null ? model.Name : $"{model.Name} + {adapter.Name}", chosen.Path, adapter is null ? model.BasePath : model.BasePath ?? model.Path);
        return checkpoint is { } step
            ? weights with { Name = $"{weights.Name} @ {step}", Path = await CheckpointAsync(chosen, step, cancellationToken) }
            : weights;
    }

    /// <summary>The weights that an API client names: a model's id or name, with <c>@checkpoint-N</c> for an earlier state.</summary>
    /// <exception cref="UserInputException">There is no such model.</exception>
    public async Task<ChatWeights> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        var mark = name.LastIndexOf(CheckpointMark, StringComparison.Ordinal);
        var bare = mark < 0 ? name : name[..mark];
        var list = await models.ListAsync(cancellationToken); // newest first: of two with the same name, the newer
        var model = list.FirstOrDefault(entry => entry.Id == bare) ?? list.FirstOrDefault(entry => entry.Name == bare)
            ?? throw UserInputException.Missing("model", name);
        int? checkpoint = mark < 0 ? null
            : int.TryParse(name[(mark + CheckpointMark.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step
            : throw UserInputException.Missing("model", name);
        return await ResolveAsync(model.Id, null, checkpoint, cancellationToken);
    }

    /// <summary>The weights of each of several names, or of folders named by their full path.</summary>
    /// <exception cref="UserInputException">There is no such model.</exception>
    public async Task<IReadOnlyDictionary<string, ChatWeights>> FindAllAsync(IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<string, ChatWeights>(StringComparer.Ordinal);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            found[name] = System.IO.Path.IsPathFullyQualified(name) && Directory.Exists(name) ? new ChatWeights(name, name, null) : await FindAsync(name, cancellationToken);
        }

        return found;
    }

    /// <summary>Every name that <see cref="FindAsync"/> takes, with when the weights were made.</summary>
    public async Task<IReadOnlyList<(string Name, DateTimeOffset Made)>> NamesAsync(CancellationToken cancellationToken = default)
    {
        var names = new List<(string, DateTimeOffset)>();
        var list = await models.ListAsync(cancellationToken);
        foreach (var model in list)
        {
            var name = list.First(entry => entry.Name == model.Name) == model ? model.Name : model.Id; // a name twice means the newer
            names.Add((name, model.AddedAt));
            names.AddRange((await CheckpointsAsync(model, cancellationToken)).Select(step => ($"{name}{CheckpointMark}{step}", model.AddedAt)));
        }

        return names;
    }

    /// <summary>Steps of the checkpoints of the run that made the model, ascending.</summary>
    public async Task<IReadOnlyList<int>> CheckpointsAsync(ModelEntry model, CancellationToken cancellationToken = default) =>
        await RunOfAsync(model, cancellationToken) is { } run ? RunService.Checkpoints(run) : [];

    private async Task<string> CheckpointAsync(ModelEntry model, int step, CancellationToken cancellationToken)
    {
        var run = await RunOfAsync(model, cancellationToken);
        return run is not null && RunService.Checkpoints(run).Contains(step)
            ? Path.Combine(run.Folder, string.Create(CultureInfo.InvariantCulture, $"checkpoint-{step}"))
            : throw new UserInputException(
                $"{model.Name} has no checkpoint of step {step}.", "Choose another one, or the final weights: old checkpoints go as save_total_limit says.", "checkpoint");
    }

    private async Task<RunEntry?> RunOfAsync(ModelEntry model, CancellationToken cancellationToken) => model.ParentRunId is not { } id ? null
        : (await runs.ListAsync(cancellationToken)).FirstOrDefault(run => run.Id == id);
}
