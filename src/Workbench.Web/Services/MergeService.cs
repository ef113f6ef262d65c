using System.Collections.Concurrent;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>How far the merge of an adapter is.</summary>
/// <param name="Phase">What is being done, in words; null once it ended.</param>
/// <param name="ModelId">The merged model, once it is there.</param>
/// <param name="Error">Why there is none.</param>
public sealed record MergeState(string? Phase, string? ModelId = null, string? Error = null);

/// <summary>
/// Merges adapters into models of their own in the background, one at a time: a model of some gigabytes takes longer than a page waits.
/// The result lies in the data folder and joins the list of models.
/// </summary>
public sealed class MergeService(ModelService models, DataFolder folder, ILogger<MergeService> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, MergeState> states = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <summary>Told the adapter's id, on any thread.</summary>
    public event Action<string>? Changed;

    /// <summary>The state of the adapter's latest merge since the application was started; null where there was none.</summary>
    public MergeState? StateOf(string adapterId) => states.GetValueOrDefault(adapterId);

    /// <summary>Begins a merge and returns.</summary>
    /// <exception cref="UserInputException">There is no such adapter, or it is being merged.</exception>
    public async Task StartAsync(string adapterId, CancellationToken cancellationToken = default)
    {
        var adapter = await models.GetAsync(adapterId, cancellationToken);
        if (adapter.BasePath is null)
        {
            throw new UserInputException($"{adapter.Name} is a whole model.", "Only adapters are merged.", adapterId);
        }

        var waiting = new MergeState("waiting");
        var entered = states.AddOrUpdate(adapterId, waiting, (_, state) => state.Phase is null ? waiting : state);
        if (!ReferenceEquals(entered, waiting))
        {
            throw new UserInputException($"{adapter.Name} is being merged already.", "Wait for the result.", adapterId);
        }

        _ = Task.Run(() => MergeAsync(adapter), CancellationToken.None);
    }

    private async Task MergeAsync(ModelEntry adapter)
    {
        var target = Path.Combine(folder.Models, $"{ShortId.New()}-merged");
        await oneAtATime.WaitAsync();
        try
        {
            Directory.CreateDirectory(folder.Models);
            ModelWriter.Merge(adapter.BasePath!, adapter.Path, target, phase: phase => Set(adapter.Id, new MergeState(phase)));
            var merged = await models.AddAsync(target, $"{adapter.Name} (merged)", adapter.ParentRunId, CancellationToken.None);
            Set(adapter.Id, new MergeState(null, merged.Id));
        }
        catch (Exception exception)
        {
            // Nobody awaits this task: whatever went wrong has to be said where the user looks.
            logger.LogError(exception, "Merging {Adapter} failed", adapter.Path);
            RemoveUnfinished(target);
            Set(adapter.Id, new MergeState(null, Error: Failure.Of(exception)?.Message ?? $"The merge failed: {exception.Message}"));
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>A full disk must not stay full of half a model.</summary>
    private static void RemoveUnfinished(string target)
    {
        if (Directory.Exists(target + ".tmp"))
        {
            Directory.Delete(target + ".tmp", recursive: true);
        }
    }

    private void Set(string id, MergeState state)
    {
        states[id] = state;
        Changed?.Invoke(id);
    }

    public void Dispose() => oneAtATime.Dispose();
}
