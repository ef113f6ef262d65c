using System.Runtime.CompilerServices;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// A growing text that remembers, while a source map is recorded, where each run of its characters came from. Everything
/// that makes a string goes through it, so that text and provenance cannot drift apart.
/// </summary>
internal sealed class TextBuilder
{
    /// <summary>A text may have a run for so many of the characters it is limited to; some runs are always allowed.</summary>
    private const int CharactersPerSegment = 16;

    private const int FewSegments = 1 << 16;

    private char[] characters;
    private Segment[]? segments;
    private int segmentCount;
    private int sealedUpTo;

    /// <summary>Characters this text may have; one more raises a limit error.</summary>
    private int limit;

    /// <summary>Characters that fit without growing and within the limit.</summary>
    private int room;

    public TextBuilder(bool traced, int limit = int.MaxValue, int capacity = 256)
    {
        characters = new char[capacity];
        this.limit = limit;
        room = Math.Min(capacity, limit);
        segments = traced ? new Segment[16] : null;
    }

    public int Length { get; private set; }

    public bool Traced => segments is not null;

    public ReadOnlySpan<char> Span => characters.AsSpan(0, Length);

    public ReadOnlySpan<Segment> Segments => segments.AsSpan(0, segmentCount);

    /// <summary>Empties the builder for another use, keeping its memory.</summary>
    public void Reset(bool traced, int limit)
    {
        Length = 0;
        segmentCount = 0;
        sealedUpTo = 0;
        this.limit = limit;
        room = Math.Min(characters.Length, limit);
        segments = traced ? segments ?? new Segment[16] : null;
    }

    public void Append(string text)
    {
        text.CopyTo(Grow(text.Length));
        Mark(text.Length, null, null);
    }

    public void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Grow(text.Length));
        Mark(text.Length, null, null);
    }

    public void Append(char character)
    {
        Grow(1)[0] = character;
        Mark(1, null, null);
    }

    public void Append(char character, int count)
    {
        Grow(count).Fill(character);
        Mark(count, null, null);
    }

    /// <summary>Appends text that the template itself holds at <paramref name="position"/>.</summary>
    public void Append(string text, TemplatePosition position)
    {
        text.CopyTo(Grow(text.Length));
        Mark(text.Length, position, null);
    }

    /// <summary>Appends text that renders a value of the given origin (a number, a bracket of a list).</summary>
    public void Append(ReadOnlySpan<char> text, FieldOrigin? origin)
    {
        text.CopyTo(Grow(text.Length));
        Mark(text.Length, null, origin);
    }

    /// <summary>Appends text that stands for characters of one origin (an escape sequence for the character it escapes).</summary>
    public void Append(ReadOnlySpan<char> text, in Segment origin)
    {
        text.CopyTo(Grow(text.Length));
        Mark(text.Length, origin.Position, origin.Field);
    }

    public void Append(StringValue value) => Append(value, 0, value.Text.Length);

    /// <summary>Appends a slice of a string, UTF-16 indices, with its provenance.</summary>
    public void Append(StringValue value, int start, int length)
    {
        value.Text.AsSpan(start, length).CopyTo(Grow(length));
        if (segments is not null)
        {
            AppendSegments(value, start, length);
        }
    }

    public void Append(TextBuilder other)
    {
        other.Span.CopyTo(Grow(other.Length));
        if (segments is not null)
        {
            foreach (var segment in other.Segments)
            {
                Mark(segment.Length, segment.Position, segment.Field);
            }
        }
    }

    /// <summary>Where the provenance stands now; see <see cref="Stamp"/>.</summary>
    public int SegmentMark()
    {
        // A run begun before the mark must not grow past it, or the stamp would reach back into it.
        sealedUpTo = segmentCount;
        return segmentCount;
    }

    /// <summary>Gives every run since <paramref name="mark"/> that no part of the template has written yet this position.</summary>
    public void Stamp(int mark, TemplatePosition position)
    {
        for (var index = mark; index < segmentCount; index++)
        {
            if (segments![index].Position is null)
            {
                segments[index] = segments[index] with { Position = position };
            }
        }
    }

    /// <summary>Cuts the text back to an earlier length.</summary>
    public void Truncate(int length)
    {
        var excess = Length - length;
        Length = length;
        while (segments is not null && excess > 0)
        {
            ref var last = ref segments[segmentCount - 1];
            if (last.Length > excess)
            {
                last = last with { Length = last.Length - excess };
                return;
            }

            excess -= last.Length;
            segmentCount--;
        }

        sealedUpTo = Math.Min(sealedUpTo, segmentCount);
    }

    public override string ToString() => new(characters, 0, Length);

    public StringValue ToValue(bool markup = false) =>
        new(ToString(), markup, segments is null ? null : Segments.ToArray());

    private void AppendSegments(StringValue value, int start, int length)
    {
        if (value.Segments is not { } source)
        {
            Mark(length, null, null);
            return;
        }

        var (index, begin) = value.FindSegment(start);
        for (var skip = start - begin; length > 0; skip = 0, index++)
        {
            var segment = source[index];
            var take = Math.Min(segment.Length - skip, length);
            Mark(take, segment.Position, segment.Field);
            length -= take;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Mark(int length, TemplatePosition? position, FieldOrigin? field)
    {
        if (segments is not null && length > 0)
        {
            AddSegment(new Segment(length, position, field));
        }
    }

    private void AddSegment(in Segment segment)
    {
        if (segmentCount > sealedUpTo && segments![segmentCount - 1].SameOrigin(segment))
        {
            segments[segmentCount - 1] = segment with { Length = segments[segmentCount - 1].Length + segment.Length };
            return;
        }

        if (segmentCount == segments!.Length)
        {
            if (segmentCount >= Math.Max(FewSegments, limit / CharactersPerSegment))
            {
                throw PythonError.Limit(
                    $"the source map of the text being rendered would exceed {segmentCount:N0} entries; render without it, or raise RenderOptions.MaxOutputLength");
            }

            Array.Resize(ref segments, segmentCount * 2);
        }

        segments[segmentCount++] = segment;
    }

    private Span<char> Grow(int count)
    {
        var start = Length;
        var needed = (long)start + count;
        if (needed > room)
        {
            Enlarge(needed);
        }

        Length = (int)needed;
        return characters.AsSpan(start, count);
    }

    private void Enlarge(long needed)
    {
        if (needed > limit)
        {
            throw PythonError.Limit(
                $"the text being rendered would exceed {limit:N0} characters; raise RenderOptions.MaxOutputLength if that is intended");
        }

        var size = (int)Math.Min(Math.Max(needed, characters.Length * 2L), Array.MaxLength);
        Array.Resize(ref characters, size);
        room = Math.Min(size, limit);
    }
}
