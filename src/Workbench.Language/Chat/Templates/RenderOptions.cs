namespace Workbench.Language.Chat.Templates;

/// <summary>How a template is rendered and what it may cost. Templates come from strangers: every bound has a default.</summary>
public sealed record RenderOptions
{
    /// <summary>The defaults, without a source map.</summary>
    public static RenderOptions Default { get; } = new();

    /// <summary>Record where every rendered character came from.</summary>
    public bool SourceMap { get; init; }

    /// <summary>Statements, loop turns and calls executed before <c>ResourceError</c>.</summary>
    public long MaxSteps { get; init; } = 20_000_000;

    /// <summary>UTF-16 units of text a render may write, in all its buffers and strings together, before <c>ResourceError</c>.</summary>
    public long MaxOutputLength { get; init; } = 64L << 20;

    /// <summary>Calls of macros and recursive loops inside one another before <c>RecursionError</c>.</summary>
    public int MaxRecursion { get; init; } = 200;

    /// <summary>Longest <c>range()</c> before <c>OverflowError</c>; the sandbox of Jinja2 has the same bound.</summary>
    public int MaxRange { get; init; } = 100_000;

    /// <summary>Wall-clock time of one render before <c>ResourceError</c>.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(10);
}
