using System.Text.Json.Serialization;

namespace Workbench.Web.Persistence.Entities;

/// <summary>A dataset: a name over immutable versions.</summary>
public sealed class DatasetEntry
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>All versions, oldest first.</summary>
    public List<DatasetVersion> Versions { get; init; } = [];

    /// <summary>The newest version. Every dataset has at least one, because it appears only after its first import.</summary>
    [JsonIgnore]
    public DatasetVersion Latest => Versions.MaxBy(version => version.Number)
        ?? throw new InvalidOperationException($"dataset {Id} was loaded without its versions");
}
