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

    private int codePoints = -1;

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

        var builder = new TextBuilder(traced: true, capacity: length);
        builder.Append(this, start, length);
        return builder.ToValue(IsMarkup);
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

    public override bool EqualTo(Value other) => other is StringValue text && text.Text == Text;

    public override int Hash() => Text.GetHashCode();

    public override string ToString() => Text;
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
            output.Append(escape, OriginAt(value, index));
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

    /// <summary>The origin of the character at a UTF-16 index.</summary>
    public static Segment OriginAt(StringValue value, int index)
    {
        var end = 0;
        foreach (var segment in value.Segments ?? [])
        {
            end += segment.Length;
            if (index < end)
            {
                return segment;
            }
        }

        return default;
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
