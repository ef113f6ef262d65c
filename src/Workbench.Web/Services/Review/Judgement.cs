namespace Workbench.Web.Services.Review;

/// <summary>What becomes of a row.</summary>
public enum Verdict
{
    /// <summary>Not decided.</summary>
    Open,

    /// <summary>It stays.</summary>
    Accepted,

    /// <summary>It goes.</summary>
    Rejected,
}

/// <summary>Which answer of a pair is better.</summary>
public enum Preferred
{
    /// <summary>Not decided.</summary>
    Open,

    /// <summary>The one that the dataset prefers.</summary>
    Chosen,

    /// <summary>The other.</summary>
    Rejected,

    /// <summary>Neither.</summary>
    Tie,
}

/// <summary>What a reviewer thinks of a row; the latest of a row and reviewer holds.</summary>
/// <param name="ContentHash">Hash of the version that the row is of.</param>
/// <param name="Row">From 1.</param>
/// <param name="Reviewer">Who says so.</param>
public sealed record Judgement(string ContentHash, int Row, string Reviewer)
{
    public Verdict Verdict { get; init; }

    /// <summary>From 1 to 9; null for none.</summary>
    public int? Rating { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string Comment { get; init; } = "";

    /// <summary>The row as it should be, as JSON; null where it stays as it is.</summary>
    public string? Edited { get; init; }

    public Preferred Preferred { get; init; }

    /// <summary>Whether anything was decided about the row.</summary>
    public bool IsMade => Verdict != Verdict.Open || Preferred != Preferred.Open;
}
