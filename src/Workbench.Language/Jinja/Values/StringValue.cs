using System.Buffers;
using System.Text;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// A string, or markupsafe's Markup. Python indexes by code point, .NET by UTF-16 unit: every index that a template sees
/// is a code point, every index in this engine a UTF-16 unit, and only strings with surrogates pay for the difference.
/// </summary>
internal sealed class StringValue(string text, bool markup = false, Segment[]? segments = null) : Value
{
    public static readonly StringValue Empty = new("");

    private static readonly StringValue[] Ascii = [.. Enumerable.Range(0, 128).Select(c => new StringValue(((char)c).ToString()))];
    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    private const int LinearUpTo = 16;

    private int codePoints = -1;
    private int[]? segmentEnds;

    public string Text { get; } = text;

    public bool IsMarkup { get; } = markup;

    /// <summary>Provenance of the characters; null while no source map is recorded or nothing is known.</summary>
    public Segment[]? Segments { get; } = segments;

    public override string TypeName => IsMarkup ? "Markup" : "str";

    public override string Description => IsMarkup ? "markupsafe.Markup object" : "str object";

    public override bool IsTrue => Text.Length != 0;

    public override int? Length => CodePoints;

    /// <summary>Number of code points; a surrogate without its partner counts as one, as in Python.</summary>
    public int CodePoints => codePoints >= 0 ? codePoints : codePoints = CountCodePoints(Text);

    public bool HasSurrogatePairs => CodePoints != Text.Length;

    public static int CountCodePoints(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAny(Surrogates);
        if (first < 0)
        {
            return text.Length;
        }

        var count = text.Length;
        for (var index = first; index + 1 < text.Length; index++)
        {
            if (char.IsSurrogatePair(text[index], text[index + 1]))
            {
                count--;
                index++;
            }
        }

        return count;
    }

    /// <summary>UTF-16 index of a code point index that lies within the string or at its end.</summary>
    public int Utf16Index(int codePoint)
    {
        if (!HasSurrogatePairs)
        {
            return codePoint;
        }

        var index = 0;
        while (codePoint-- > 0)
        {
            index += index + 1 < Text.Length && char.IsSurrogatePair(Text[index], Text[index + 1]) ? 2 : 1;
        }

        return index;
    }

    /// <summary>Code point index of a UTF-16 index.</summary>
    public int CodePointIndex(int utf16) => HasSurrogatePairs ? CountCodePoints(Text.AsSpan(0, utf16)) : utf16;

    /// <summary>The slice of UTF-16 indices [start, start + length), with its provenance.</summary>
    public StringValue Slice(int start, int length)
    {
        if (length == Text.Length)
        {
            return this;
        }

        if (Segments is null)
        {
            return length == 0 && !IsMarkup ? Empty
                : length == 1 && !IsMarkup && Text[start] < 128 ? Ascii[Text[start]]
                : new StringValue(Text.Substring(start, length), IsMarkup);
        }

        return new StringValue(Text.Substring(start, length), IsMarkup, CutSegments(start, length));
    }

    /// <summary>The provenance of the character at a UTF-16 index; nothing where none is known.</summary>
    public Segment OriginAt(int index)
    {
        var (found, _) = FindSegment(index);
        return Segments is not null && found < Segments.Length ? Segments[found] : default;
    }

    /// <summary>
    /// Which of <see cref="Segments"/> holds a UTF-16 index, and where that one starts. A string of many runs is indexed once, so
    /// that cutting it into many pieces does not take the product of the two.
    /// </summary>
    public (int Segment, int Start) FindSegment(int index)
    {
        var (found, start) = (0, 0);
        if (Segments is null || Segments.Length > LinearUpTo)
        {
            return Segments is null ? default : FindInIndex(index);
        }

        while (found < Segments.Length && start + Segments[found].Length <= index)
        {
            start += Segments[found].Length;
            found++;
        }

        return (found, start);
    }

    /// <summary>The single characters (code points) of the string.</summary>
    public IEnumerable<StringValue> Characters()
    {
        for (var index = 0; index < Text.Length;)
        {
            var length = index + 1 < Text.Length && char.IsSurrogatePair(Text[index], Text[index + 1]) ? 2 : 1;
            yield return Slice(index, length);
            index += length;
        }
    }

    /// <summary>The same text as a plain string: <c>str(markup)</c>.</summary>
    public StringValue Plain() => IsMarkup ? new StringValue(Text, false, Segments) : this;

    public StringValue AsMarkup() => IsMarkup ? this : new StringValue(Text, true, Segments);

    public override void WriteStr(TextBuilder text) => text.Append(this);

    public override void WriteRepr(TextBuilder text)
    {
        if (IsMarkup)
        {
            text.Append("Markup(");
            StringRepr.Write(this, text);
            text.Append(')');
        }
        else
        {
            StringRepr.Write(this, text);
        }
    }

    public override StringValue ToStr(RenderContext context) => this;

    public override Value? Attribute(RenderContext context, string name) => StringMethods.Find(this, name);

    public override Value? Item(RenderContext context, Value key)
    {
        if (key is SliceValue slice)
        {
            return StringOperations.Slice(context, this, slice);
        }

        if (!Numbers.TryIndex(key, out var index))
        {
            return null;
        }

        var count = CodePoints;
        index = index < 0 ? index + count : index;
        if (index < 0 || index >= count)
        {
            return null;
        }

        var start = Utf16Index((int)index);
        var length = start + 1 < Text.Length && char.IsSurrogatePair(Text[start], Text[start + 1]) ? 2 : 1;
        return Slice(start, length);
    }

    public override IEnumerator<Value> Iterate(RenderContext context) => Characters().GetEnumerator();

    public override bool EqualTo(Value other)
    {
        if (other is not StringValue text || text.Text.Length != Text.Length)
        {
            return false;
        }

        Recursion.ChargeReading(Text.Length);
        return text.Text == Text;
    }

    public override int Hash()
    {
        Recursion.ChargeReading(Text.Length);
        return Text.GetHashCode();
    }

    public override string ToString() => Text;

    private Segment[] CutSegments(int start, int length)
    {
        if (length == 0)
        {
            return [];
        }

        var (first, begin) = FindSegment(start);
        var (last, lastBegin) = FindSegment(start + length - 1);
        var cut = Segments.AsSpan(first, last - first + 1).ToArray();
        cut[^1] = cut[^1] with { Length = start + length - lastBegin };
        cut[0] = cut[0] with { Length = cut[0].Length - (start - begin) };
        return cut;
    }

    private (int Segment, int Start) FindInIndex(int index)
    {
        if (segmentEnds is null)
        {
            var ends = new int[Segments!.Length];
            var end = 0;
            for (var segment = 0; segment < ends.Length; segment++)
            {
                ends[segment] = end += Segments[segment].Length;
            }

            segmentEnds = ends;
        }

        var found = Array.BinarySearch(segmentEnds, index + 1);
        found = found < 0 ? ~found : found;
        return (found, found == 0 ? 0 : segmentEnds[found - 1]);
    }
}

/// <summary><c>repr</c> of strings: quotes chosen as Python does, unprintable characters escaped.</summary>
internal static class StringRepr
{
    public static void Write(StringValue value, TextBuilder output)
    {
        var text = value.Text;
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        output.Append(quote);
        var plain = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character >= ' ' && character < 0x7F && character != '\\' && character != quote)
            {
                continue;
            }

            var pair = index + 1 < text.Length && char.IsSurrogatePair(character, text[index + 1]);
            if (character > 0x7F && IsPrintable(pair ? char.ConvertToUtf32(character, text[index + 1]) : character))
            {
                index += pair ? 1 : 0;
                continue;
            }

            output.Append(value, plain, index - plain);
            var escape = Escape(pair ? char.ConvertToUtf32(character, text[index + 1]) : character);
            output.Append(escape, value.OriginAt(index));
            index += pair ? 1 : 0;
            plain = index + 1;
        }

        output.Append(value, plain, text.Length - plain);
        output.Append(quote);
    }

    /// <summary><c>str.isprintable</c> for one code point: everything but the categories C and Z, the space excepted.</summary>
    public static bool IsPrintable(int codePoint)
    {
        if (codePoint is >= 0xD800 and <= 0xDFFF)
        {
            return false;
        }

        var category = System.Globalization.CharUnicodeInfo.GetUnicodeCategory(codePoint);
        return codePoint == ' ' || category is not (System.Globalization.UnicodeCategory.Control
            or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate
            or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
            or System.Globalization.UnicodeCategory.SpaceSeparator);
    }

    private static string Escape(int codePoint) => codePoint switch
    {
        '\\' => @"\\",
        '\'' => @"\'",
        '"' => "\\\"",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        < 0x100 => $@"\x{codePoint:x2}",
        < 0x10000 => $@"\u{codePoint:x4}",
        _ => $@"\U{codePoint:x8}",
    };
}
