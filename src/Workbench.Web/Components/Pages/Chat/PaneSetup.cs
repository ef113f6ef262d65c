using Workbench.Web.Components.Shared;

namespace Workbench.Web.Components.Pages.Chat;

/// <summary>Whom a pane asks, and how.</summary>
public sealed class PaneSetup
{
    /// <summary>The choice of no template at all.</summary>
    public const string NoTemplate = "none";

    public string ModelId { get; set; } = "";

    /// <summary>An adapter for the model; empty for none.</summary>
    public string AdapterId { get; set; } = "";

    /// <summary>Step of a checkpoint; null for the final weights.</summary>
    public int? Checkpoint { get; set; }

    /// <summary>A <see cref="TemplateChoice"/>, or <see cref="NoTemplate"/>.</summary>
    public string Template { get; set; } = TemplateChoice.Model;

    public string System { get; set; } = "";

    /// <summary>Options of this pane's own; null for those of all panes.</summary>
    public SamplingDraft? Sampling { get; set; }

    public PaneSetup Copy()
    {
        var copy = (PaneSetup)MemberwiseClone();
        copy.Sampling = Sampling?.Copy();
        return copy;
    }
}
