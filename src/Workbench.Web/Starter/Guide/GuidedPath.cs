using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;

namespace Workbench.Web.Starter.Guide;

/// <summary>
/// The way through the starter in five steps: template, data, SFT, DPO, compare. How far its owner is follows from the models, datasets
/// and runs that exist; what leaves no trace there is remembered. Each model on the way is asked the held-out questions once.
/// </summary>
public sealed class GuidedPath(ModelService models, DatasetService datasets, RunService runs, DataFolder folder, PathMemory memory, StarterExam exam)
{
    /// <summary>The path as it stands; asks models that were not asked yet in the background.</summary>
    public async Task<PathView> ReadAsync(CancellationToken cancellationToken = default)
    {
        var parts = await PartsAsync(cancellationToken);
        if (!IsAtWork(parts.SftRun) && !IsAtWork(parts.DpoRun)) // beside a training, both would take twice as long
        {
            foreach (var model in new[] { parts.Base, parts.Tuned, parts.Preferred }.OfType<ModelEntry>())
            {
                exam.Ask(model);
            }
        }

        return Arrange(parts, memory.Read(), exam.IsAsking);
    }

    /// <summary>What of the workbench belongs to the path.</summary>
    public async Task<PathParts> PartsAsync(CancellationToken cancellationToken = default) => PathParts.Find(
        StarterService.ModelPath(folder), folder.Datasets,
        await models.ListAsync(cancellationToken), await datasets.ListAsync(cancellationToken), await runs.ListAsync(cancellationToken));

    /// <summary>Remembers that a station was opened.</summary>
    public void See(PathStepKind kind) => memory.Change(progress =>
        progress.Seen.Contains(kind) ? progress : progress with { Seen = [.. progress.Seen, kind] });

    /// <summary>Puts the path away, or brings it back.</summary>
    public void Hide(bool hidden) => memory.Change(progress => progress with { Hidden = hidden });

    /// <summary>Where each station stands, and what it opens.</summary>
    /// <param name="parts">What exists.</param>
    /// <param name="progress">What is remembered.</param>
    /// <param name="measuring">Whether the model of that id is being asked.</param>
    public static PathView Arrange(PathParts parts, PathProgress progress, Func<string, bool> measuring)
    {
        var steps = new List<PathStep>();
        var open = true; // whether every station before is passed
        foreach (var kind in Enum.GetValues<PathStepKind>())
        {
            var (done, run, href) = kind switch
            {
                PathStepKind.Template => (progress.Seen.Contains(kind), null, parts.Base is { } model ? $"/templates?model={model.Id}" : null),
                PathStepKind.Data => (progress.Seen.Contains(kind), null, parts.SftData is { } rows ? $"/datasets/{rows.Id}" : null),
                PathStepKind.Sft => Training(parts.SftRun, parts.Tuned, parts.Base is not null && parts.SftData is not null, "sft"),
                PathStepKind.Dpo => Training(parts.DpoRun, parts.Preferred, parts.Tuned is not null && parts.DpoData is not null, "dpo"),
                _ => (progress.Seen.Contains(kind), null, parts.Preferred is { } last ? $"/chat?base={parts.Base?.Id}&tuned={last.Id}" : null),
            };
            var state = done ? PathStepState.Done
                : IsAtWork(run) ? PathStepState.Working
                : open && href is not null ? PathStepState.Next
                : PathStepState.Waiting;
            open &= done;
            steps.Add(new PathStep(kind, state, href));
        }

        return new PathView(
            parts is { Base: not null, SftData: not null, DpoData: not null }, progress.Hidden, steps,
            [.. new[] { parts.Base, parts.Tuned, parts.Preferred }.Select(Stage)]);

        PathStage Stage(ModelEntry? model) => model is null
            ? new PathStage(null, null)
            : new PathStage(model.Id, progress.Measured.GetValueOrDefault(model.Id), measuring(model.Id));
    }

    /// <summary>A station with a run opens the run while it is at work, and afterwards what it was.</summary>
    private static (bool Done, RunEntry? Run, string? Href) Training(RunEntry? run, ModelEntry? result, bool ready, string starter) =>
        (result is not null, run, run is not null && (result is not null || IsAtWork(run)) ? $"/runs/{run.Id}" : ready ? $"/runs/new?starter={starter}" : null);

    private static bool IsAtWork(RunEntry? run) => run is not null && !run.Status.IsFinal();
}
