namespace Workbench.Language.Tokenizers.Text;

/// <summary>
/// Text after some normalization, and for every UTF-16 unit of it the original stretch that it stands for.
/// Without maps the text is the original itself.
/// </summary>
internal sealed class AlignedText(string text, int[]? starts = null, int[]? ends = null)
{
    public string Text { get; } = text;

    /// <summary>Start in the original (UTF-16) for each unit; null where the text is the original.</summary>
    public int[]? Starts { get; } = starts;

    /// <summary>End in the original (UTF-16, exclusive) for each unit.</summary>
    public int[]? Ends { get; } = ends;

    public Slice Whole(int origin = 0) => new(this, 0, Text.Length, origin);
}

/// <summary>A stretch of an <see cref="AlignedText"/>: what travels through the pipeline without being copied.</summary>
/// <param name="source">The text it lies in.</param>
/// <param name="start">First UTF-16 unit.</param>
/// <param name="length">UTF-16 units.</param>
/// <param name="origin">Where the original stretch behind it begins (UTF-16 in the original).</param>
internal readonly struct Slice(AlignedText source, int start, int length, int origin)
{
    public AlignedText Source { get; } = source;

    public int Start { get; } = start;

    public int Length { get; } = length;

    public int Origin { get; } = origin;

    public ReadOnlySpan<char> Span => Source.Text.AsSpan(Start, Length);

    /// <summary>The part from <paramref name="from"/> to <paramref name="to"/>, both relative to this slice.</summary>
    public Slice Part(int from, int to) =>
        new(Source, Start + from, to - from, from < to ? OriginalStart(from) : Origin);

    /// <summary>Where the original of unit <paramref name="index"/> begins.</summary>
    public int OriginalStart(int index)
    {
        var starts = Source.Starts;
        return starts is null ? Start + index : starts[Start + index];
    }

    /// <summary>Where the original of unit <paramref name="index"/> ends.</summary>
    public int OriginalEnd(int index)
    {
        var ends = Source.Ends;
        return ends is null ? Start + index + 1 : ends[Start + index];
    }
}
