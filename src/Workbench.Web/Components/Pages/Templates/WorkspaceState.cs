using System.Text.Json.Serialization;
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

    /// <summary>Whether nothing is missing that JSON could have set to null.</summary>
    [JsonIgnore]
    public bool IsWhole => ((object?[])[Template, Messages, Tools, Documents, Kwargs, ModelId, Mask, Mask?.Train]).All(part => part is not null);

    /// <summary>What is to be previewed.</summary>
    public PreviewRequest ToRequest() =>
        new(Template, Messages, ModelId.Length > 0 ? ModelId : null, Tools, Documents, Kwargs, AddGenerationPrompt, Mask);
}
