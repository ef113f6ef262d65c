namespace Workbench.Web.Starter.Guide;

/// <summary>What the guided path remembers that no model, dataset or run tells.</summary>
/// <param name="Seen">Steps that were opened and have no other trace: template, data, compare.</param>
/// <param name="Measured">Held-out accuracy of each model that was asked, by the model's id.</param>
/// <param name="Hidden">Whether its owner has put the path away.</param>
public sealed record PathProgress(
    IReadOnlyList<PathStepKind> Seen, IReadOnlyDictionary<string, IReadOnlyList<StarterAccuracy>> Measured, bool Hidden = false)
{
    /// <summary>Nothing yet.</summary>
    public static PathProgress None { get; } = new([], new Dictionary<string, IReadOnlyList<StarterAccuracy>>());
}
