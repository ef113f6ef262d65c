namespace Workbench.Language.Chat.Templates;

/// <summary>What parsing a template may cost.</summary>
public sealed record ParseLimits
{
    /// <summary>The defaults.</summary>
    public static ParseLimits Default { get; } = new();

    /// <summary>UTF-16 units of a template before <c>ResourceError</c>. The longest published chat template has about 40,000.</summary>
    public int MaxSourceLength { get; init; } = 4 << 20;

    /// <summary>Brackets, operators and blocks inside one another before <c>RecursionError</c>; Python gives up near 70 brackets.</summary>
    public int MaxNesting { get; init; } = 250;
}
