namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>Syntax tree of a regular expression.</summary>
internal abstract record PatternNode
{
    public sealed record Nothing : PatternNode;

    public sealed record Set(CharSet Characters) : PatternNode;

    public sealed record Sequence(IReadOnlyList<PatternNode> Items) : PatternNode;

    public sealed record Choice(IReadOnlyList<PatternNode> Branches) : PatternNode;

    /// <summary>Repetition; <c>Max</c> is -1 for no upper limit.</summary>
    public sealed record Repeat(PatternNode Body, int Min, int Max, RepeatMode Mode) : PatternNode;

    public sealed record Atomic(PatternNode Body) : PatternNode;

    public sealed record Look(PatternNode Body, bool Behind, bool Negative) : PatternNode;

    public sealed record Anchor(AnchorKind Kind) : PatternNode;
}

internal enum RepeatMode
{
    Greedy,
    Lazy,
    Possessive,
}

internal enum AnchorKind
{
    TextStart,
    TextEnd,
    TextEndOrLastNewline,
    LineStart,
    LineEnd,
    WordBoundary,
    NotWordBoundary,
    SearchStart,
}
