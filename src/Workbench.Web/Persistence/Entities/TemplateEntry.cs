namespace Workbench.Web.Persistence.Entities;

/// <summary>A chat template that the user saved. Presets are not stored: they come with the application.</summary>
public sealed class TemplateEntry
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The Jinja text.</summary>
    public required string Text { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
