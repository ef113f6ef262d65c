using Workbench.Data.Formats;

namespace Workbench.Web.Persistence.Entities;

/// <summary>One immutable version of a dataset: canonical JSON lines in a folder of their own, never written again.</summary>
public sealed class DatasetVersion
{
    public required string DatasetId { get; init; }

    /// <summary>1 for the first import.</summary>
    public int Number { get; init; }

    /// <summary>SHA-256 of the canonical rows, lower-case hexadecimal: equal hashes are equal data.</summary>
    public required string ContentHash { get; init; }

    /// <summary>What the rows are: messages, prompt_completion, tokenized or text.</summary>
    public RowShape Shape { get; init; }

    public int Rows { get; init; }

    /// <summary>Lines that were not understood, or rows that the recipe removed; they are kept aside with their reasons.</summary>
    public int BadRows { get; init; }

    /// <summary>Size of the canonical rows in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Name of the uploaded file.</summary>
    public required string Source { get; init; }

    /// <summary>Number of the version that it was made from; null for an import.</summary>
    public int? Parent { get; init; }

    /// <summary>The recipe that made it of its parent, as JSON; null for an import.</summary>
    public string? Recipe { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
