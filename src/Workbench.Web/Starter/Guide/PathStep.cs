namespace Workbench.Web.Starter.Guide;

/// <summary>The stations of the guided path, in their order.</summary>
public enum PathStepKind
{
    /// <summary>See what the model reads.</summary>
    Template,

    /// <summary>Look at the rows.</summary>
    Data,

    /// <summary>Supervised fine-tuning.</summary>
    Sft,

    /// <summary>Direct preference optimization.</summary>
    Dpo,

    /// <summary>Ask before and after side by side.</summary>
    Compare,
}

/// <summary>Where a station stands.</summary>
public enum PathStepState
{
    /// <summary>An earlier one comes first.</summary>
    Waiting,

    /// <summary>This is what to do now.</summary>
    Next,

    /// <summary>Its run is queued or trains.</summary>
    Working,

    /// <summary>Passed.</summary>
    Done,
}

/// <summary>One station.</summary>
/// <param name="Kind">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Href">The page that it opens, filled in with the starter; null while what it needs is not there.</param>
public sealed record PathStep(PathStepKind Kind, PathStepState State, string? Href);

/// <summary>A model of the path and how well it answers.</summary>
/// <param name="ModelId">The model; null while it is not there.</param>
/// <param name="Accuracies">Of each part; null until it was asked.</param>
/// <param name="Measuring">Whether it is being asked now.</param>
public sealed record PathStage(string? ModelId, IReadOnlyList<StarterAccuracy>? Accuracies, bool Measuring = false)
{
    /// <summary>Accuracy of one part; null until it was asked.</summary>
    public StarterAccuracy? Of(string part) => Accuracies?.FirstOrDefault(accuracy => accuracy.Name == part);
}

/// <summary>The whole path.</summary>
/// <param name="Loaded">Whether the starter is in the workbench.</param>
/// <param name="Hidden">Whether its owner has put it away.</param>
/// <param name="Steps">Five stations.</param>
/// <param name="Stages">The base model, after SFT, after DPO.</param>
public sealed record PathView(bool Loaded, bool Hidden, IReadOnlyList<PathStep> Steps, IReadOnlyList<PathStage> Stages)
{
    /// <summary>The station that comes next or is at work; null at the end.</summary>
    public PathStep? Current => Steps.FirstOrDefault(step => step.State is PathStepState.Next or PathStepState.Working);

    /// <summary>Whether every station is passed.</summary>
    public bool Finished => Steps.All(step => step.State == PathStepState.Done);
}
