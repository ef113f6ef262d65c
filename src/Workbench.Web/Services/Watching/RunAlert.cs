namespace Workbench.Web.Services.Watching;

/// <summary>What can go wrong in a training, as its metrics show it.</summary>
public enum RunAlertKind
{
    /// <summary>A metric is no number any more.</summary>
    NotANumber,

    /// <summary>The loss jumped far above its usual level.</summary>
    Spike,

    /// <summary>The loss has not fallen for a large part of the run.</summary>
    Plateau,

    /// <summary>Most sampled answers are cut at their longest.</summary>
    ClippedCompletions,

    /// <summary>The margin between better and worse answers grew, and is gone.</summary>
    MarginsCollapse,

    /// <summary>The loss of the evaluation rises while that of training falls.</summary>
    Overfitting,
}

/// <summary>Something that a run's owner should look at.</summary>
/// <param name="Kind">What.</param>
/// <param name="Metric">Which metric shows it.</param>
/// <param name="Step">Where it was first seen.</param>
/// <param name="Value">The metric there.</param>
public sealed record RunAlert(RunAlertKind Kind, string Metric, int Step, double Value);
