namespace Workbench.Language.Chat.Masks;

/// <summary>What can look wrong about a mask.</summary>
public enum MaskFindingKind
{
    /// <summary>No token is trained.</summary>
    NothingTrained,

    /// <summary>Nothing ends an answer.</summary>
    NoEndOfTurn,

    /// <summary>The template's generation tags and the origin of the text disagree.</summary>
    TagsDiffer,

    /// <summary>The mask of generation tags is asked for, and the template has none.</summary>
    NoGenerationTags,

    /// <summary>User-supplied text spells out a special token.</summary>
    ForgedSpecialToken,

    /// <summary>A message's weight is neither 0 nor 1.</summary>
    FractionalWeight,

    /// <summary>A token belongs to the prompt and to the completion.</summary>
    SharedToken,

    /// <summary>There is no completion to train on.</summary>
    EmptyCompletion,
}

/// <summary>Something that looks wrong about a mask.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">A sentence that names the place and the remedy.</param>
public sealed record MaskFinding(MaskFindingKind Kind, string Message)
{
    /// <summary>The tokens concerned: first, and one past the last.</summary>
    public IReadOnlyList<(int Start, int End)> Tokens { get; init; } = [];

    /// <summary>The message concerned.</summary>
    public int? MessageIndex { get; init; }

    /// <summary>The field of it, such as <c>content</c>; without a message a variable, such as <c>tools[0].description</c>.</summary>
    public string? Field { get; init; }

    /// <summary>The text concerned.</summary>
    public string? Text { get; init; }

    /// <summary>Where that text begins in the rendering (UTF-16).</summary>
    public int? Position { get; init; }
}
