using Workbench.Web.Services;

namespace Workbench.Web.Components.Pages.Templates;

/// <summary>Everything that the templates page shows follows from this: what a link to the page carries.</summary>
public sealed record WorkspaceState
{
    /// <summary>The Jinja text.</summary>
    public string Template { get; init; } = "";

    /// <summary>A JSON list of messages.</summary>
    public string Messages { get; init; } = SampleConversations.All[0].Messages;

    /// <summary>A JSON list of tools, or empty.</summary>
    public string Tools { get; init; } = "";

    /// <summary>A JSON list of documents, or empty.</summary>
    public string Documents { get; init; } = "";

    /// <summary>A JSON object of further variables, or empty.</summary>
    public string Kwargs { get; init; } = "";

    /// <summary>Whose tokenizer; empty for none.</summary>
    public string ModelId { get; init; } = "";

    public bool AddGenerationPrompt { get; init; }

    public MaskChoice Mask { get; init; } = new();

    /// <summary>What is to be previewed.</summary>
    public PreviewRequest ToRequest() =>
        new(Template, Messages, ModelId.Length > 0 ? ModelId : null, Tools, Documents, Kwargs, AddGenerationPrompt, Mask);
}
