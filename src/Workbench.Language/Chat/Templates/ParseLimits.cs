namespace Workbench.Language.Chat.Templates;

/// <summary>How large and how deeply nested a template's source may be.</summary>
public sealed record ParseLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static ParseLimits Default { get; } = new();

    /// <summary>Characters (UTF-16) of source. The largest published chat templates have about 25,000.</summary>
    public int MaxSourceLength { get; init; } = 1024 * 1024;

    /// <summary>
    /// Depth of nesting, counted in frames of Jinja2's own parser under Python's recursion limit of 1000: a parenthesis takes
    /// 14 of them, a block tag 4.
    /// </summary>
    public int MaxNesting { get; init; } = 980;
}
