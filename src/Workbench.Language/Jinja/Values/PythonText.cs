using System.Globalization;
using System.Text;

namespace Workbench.Language.Jinja.Values;

/// <summary>What Python's <c>str</c> says about characters: white space, repr, code points.</summary>
internal static class PythonText
{
    /// <summary><c>str.isspace</c> of one character; unlike .NET it counts U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => c switch
    {
        ' ' or (>= '\t' and <= '\r') or (>= '\x1c' and <= '\x1f') => true,
        < '\x80' => false,
        '\x85' or '\xa0' or '\u1680' or (>= '\u2000' and <= '\u200a') => true,
        '\u2028' or '\u2029' or '\u202f' or '\u205f' or '\u3000' => true,
        _ => false,
    };

    /// <summary><c>repr</c> of a string.</summary>
    public static string Repr(string text)
    {
        var builder = new StringBuilder(text.Length + 2);
        AppendRepr(builder, text);
        return builder.ToString();
    }

    public static void AppendRepr(StringBuilder builder, string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        builder.Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and < '\x7f')
            {
                if (c == quote || c == '\\')
                {
                    builder.Append('\\');
                }

                builder.Append(c);
            }
            else
            {
                i += AppendUncommon(builder, text, i);
            }
        }

        builder.Append(quote);
    }

    private static int AppendUncommon(StringBuilder builder, string text, int at)
    {
        switch (text[at])
        {
            case '\n': builder.Append("\\n"); return 0;
            case '\r': builder.Append("\\r"); return 0;
            case '\t': builder.Append("\\t"); return 0;
        }

        var pair = char.IsSurrogatePair(text, at);
        var point = pair ? char.ConvertToUtf32(text, at) : text[at];
        if (IsPrintable(text, at))
        {
            builder.Append(text, at, pair ? 2 : 1);
        }
        else
        {
            var digits = point <= 0xff ? "\\x" + point.ToString("x2", CultureInfo.InvariantCulture)
                : point <= 0xffff ? "\\u" + point.ToString("x4", CultureInfo.InvariantCulture)
                : "\\U" + point.ToString("x8", CultureInfo.InvariantCulture);
            builder.Append(digits);
        }

        return pair ? 1 : 0;
    }

    /// <summary><c>str.isprintable</c> of the character at <paramref name="at"/>.</summary>
    public static bool IsPrintable(string text, int at) =>
        text[at] == ' ' || CharUnicodeInfo.GetUnicodeCategory(text, at) is not (UnicodeCategory.Control
            or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>Number of code points in the first <paramref name="end"/> UTF-16 units.</summary>
    public static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        var at = text.IndexOfAnyInRange('\ud800', '\udbff');
        while (at >= 0)
        {
            var step = 1;
            if (at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                count--;
                step = 2;
            }

            text = text[(at + step)..];
            at = text.IndexOfAnyInRange('\ud800', '\udbff');
        }

        return count;
    }
}
