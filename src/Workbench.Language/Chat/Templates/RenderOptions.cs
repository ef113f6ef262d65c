namespace Workbench.Language.Chat.Templates;

/// <summary>What a rendering may cost and whether it records where every character came from.</summary>
public sealed record RenderOptions
{
    /// <summary>The options used where none are given.</summary>
    public static RenderOptions Default { get; } = new();

    /// <summary>Record a <see cref="Templates.SourceMap"/>: costs up to three times the rendering time; off by default.</summary>
    public bool SourceMap { get; init; }

    /// <summary>Evaluation steps (loop rounds, calls, characters copied) before the rendering is stopped.</summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>Characters (UTF-16) that the output, or any single string made on the way, may have.</summary>
    public int MaxOutputLength { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bits that an integer may have; Python would go on until memory ends.</summary>
    public int MaxIntegerBits { get; init; } = 1_000_000;

    /// <summary>
    /// Depth of calls, counted as Python counts its own frames, so that a recursive macro ends where it ends under
    /// Python's default recursion limit of 1000.
    /// </summary>
    public int MaxRecursion { get; init; } = 1000;

    /// <summary>Items a <c>range()</c> may have; Jinja2's sandbox allows 100,000.</summary>
    public int MaxRange { get; init; } = 100_000;

    /// <summary>Bytes that the rendering may allocate in all, those it has already let go included.</summary>
    public long MaxMemory { get; init; } = 512L << 20;

    /// <summary>Wall-clock time before the rendering is stopped.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(10);
}
