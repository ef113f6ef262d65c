namespace Workbench.Web.Persistence.Entities;

/// <summary>A text that a saved template had: every saving that changes it adds one, none is ever changed.</summary>
public sealed class TemplateVersion
{
    public required string TemplateId { get; init; }

    /// <summary>From 1, without gaps at its end; the oldest are dropped beyond a limit.</summary>
    public required int Number { get; init; }

    /// <summary>The Jinja text.</summary>
    public required string Text { get; init; }

    public DateTimeOffset SavedAt { get; init; }
}
