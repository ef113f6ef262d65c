using System.Globalization;
using System.Numerics;
using System.Text;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>The literals of the expression language: where they end and what they mean.</summary>
internal static class LiteralReader
{
    /// <summary>End of the number that starts here, or 0.</summary>
    public static int NumberEnd(string text, int start, out bool isFloat)
    {
        isFloat = false;
        if (!char.IsAsciiDigit(text[start]))
        {
            return 0;
        }

        if ((start == 0 || text[start - 1] != '.') && FloatEnd(text, start) is var end and > 0)
        {
            isFloat = true;
            return end;
        }

        if (text[start] != '0')
        {
            return Run(text, start + 1, char.IsAsciiDigit);
        }

        if (start + 1 < text.Length)
        {
            Func<char, bool>? digit = char.ToLowerInvariant(text[start + 1]) switch
            {
                'b' => c => c is '0' or '1',
                'o' => c => c is >= '0' and <= '7',
                'x' => char.IsAsciiHexDigit,
                _ => null,
            };
            if (digit is not null && Run(text, start + 2, digit) is var based && based > start + 2)
            {
                return based;
            }
        }

        return Run(text, start + 1, c => c == '0');
    }

    public static Value Number(string literal, bool isFloat)
    {
        var digits = literal.Replace("_", "", StringComparison.Ordinal);
        if (isFloat)
        {
            return new FloatValue(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture));
        }

        var radix = digits.Length > 1 ? char.ToLowerInvariant(digits[1]) switch { 'b' => 1, 'o' => 3, 'x' => 4, _ => 0 } : 0;
        if (radix == 0)
        {
            return digits.Length > BigIntValue.MaxDigits
                ? throw new PythonError("ValueError", $"Exceeds the limit ({BigIntValue.MaxDigits} digits) for integer string conversion: "
                    + $"value has {digits.Length} digits; use sys.set_int_max_str_digits() to increase the limit") { LineIsKnown = true }
                : BigIntValue.Of(BigInteger.Parse(digits, CultureInfo.InvariantCulture));
        }

        var number = BigInteger.Zero;
        foreach (var digit in digits.AsSpan(2))
        {
            number = (number << radix) + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return BigIntValue.Of(number);
    }

    /// <summary>End of the name that starts here, or 0. What is no identifier after all is the lexer's to refuse.</summary>
    public static int NameEnd(string text, int start)
    {
        var end = start;
        while (end < text.Length)
        {
            var length = end + 1 < text.Length && char.IsSurrogatePair(text[end], text[end + 1]) ? 2 : 1;
            var codePoint = length == 2 ? char.ConvertToUtf32(text[end], text[end + 1]) : text[end];
            var fits = codePoint < 0x80
                ? codePoint == '_' || char.IsAsciiLetterOrDigit((char)codePoint)
                : PythonCharacters.IsWord(codePoint) || codePoint is 0xB7 or 0x387 || IsMark(text, end);
            if (!fits)
            {
                break;
            }

            end += length;
        }

        return end == start ? 0 : end;
    }

    /// <summary>End of the string literal that starts here, or 0.</summary>
    public static int StringEnd(string text, int start)
    {
        var quote = text[start];
        if (quote is not ('\'' or '"'))
        {
            return 0;
        }

        for (var index = start + 1; index < text.Length; index++)
        {
            if (text[index] == '\\')
            {
                index++;
            }
            else if (text[index] == quote)
            {
                return index + 1;
            }
        }

        return 0;
    }

    /// <summary>Python's escapes, by way of ASCII as Jinja2 decodes them: a backslash before any other character stays.</summary>
    public static string Unescape(string body, int line)
    {
        if (!body.Contains('\\'))
        {
            return body;
        }

        var text = new StringBuilder(body.Length);
        for (var index = 0; index < body.Length; index++)
        {
            if (body[index] != '\\' || index + 1 == body.Length)
            {
                text.Append(body[index]);
                continue;
            }

            var escape = body[++index];
            switch (escape)
            {
                case '\n':
                    break;
                case '\\' or '\'' or '"':
                    text.Append(escape);
                    break;
                case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                    text.Append("\a\b\f\n\r\t\v"["abfnrtv".IndexOf(escape)]);
                    break;
                case >= '0' and <= '7':
                    var octal = 0;
                    var first = index;
                    for (; index < body.Length && index < first + 3 && body[index] is >= '0' and <= '7'; index++)
                    {
                        octal = (octal * 8) + (body[index] - '0');
                    }

                    text.Append((char)octal);
                    index--;
                    break;
                case 'x':
                    AppendHex(text, body, ref index, 2, line);
                    break;
                case 'u':
                    AppendHex(text, body, ref index, 4, line);
                    break;
                case 'U':
                    AppendHex(text, body, ref index, 8, line);
                    break;
                case 'N':
                    throw PythonError.Syntax(
                        index + 1 < body.Length && body[index + 1] == '{' && body.IndexOf('}', index) > index + 2
                            ? "unknown Unicode character name" : "malformed \\N character escape", line);
                case > '\x7f':
                    // The detour through ASCII turns the character into an escape of its own, whose backslash this one eats.
                    var pair = index + 1 < body.Length && char.IsSurrogatePair(escape, body[index + 1]);
                    var code = pair ? char.ConvertToUtf32(escape, body[++index]) : escape;
                    text.Append('\\').Append(code < 0x100 ? $"x{code:x2}" : code < 0x10000 ? $"u{code:x4}" : $"U{code:x8}");
                    break;
                default:
                    text.Append('\\').Append(escape);
                    break;
            }
        }

        return text.ToString();
    }

    private static void AppendHex(StringBuilder text, string body, ref int index, int digits, int line)
    {
        var start = index + 1;
        var end = start;
        while (end < body.Length && end < start + digits && char.IsAsciiHexDigit(body[end]))
        {
            end++;
        }

        if (end < start + digits)
        {
            throw PythonError.Syntax(
                digits switch { 2 => @"truncated \xXX escape", 4 => @"truncated \uXXXX escape", _ => @"truncated \UXXXXXXXX escape" }, line);
        }

        var code = uint.Parse(body.AsSpan(start, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (code > 0x10FFFF)
        {
            throw PythonError.Syntax("illegal Unicode character", line);
        }

        text.Append(code < 0x10000 ? ((char)code).ToString() : char.ConvertFromUtf32((int)code));
        index = end - 1;
    }

    private static int FloatEnd(string text, int start)
    {
        var end = Run(text, start, char.IsAsciiDigit);
        var fraction = end < text.Length && text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])
            ? Run(text, end + 1, char.IsAsciiDigit)
            : end;
        var mark = fraction;
        if (mark < text.Length && text[mark] is 'e' or 'E')
        {
            mark++;
            mark += mark < text.Length && text[mark] is '+' or '-' ? 1 : 0;
            if (mark < text.Length && char.IsAsciiDigit(text[mark]))
            {
                return Run(text, mark, char.IsAsciiDigit);
            }
        }

        return fraction > end ? fraction : 0;
    }

    /// <summary>End of a run of digits, single underscores between them allowed.</summary>
    private static int Run(string text, int index, Func<char, bool> digit)
    {
        while (index < text.Length && (digit(text[index]) || (text[index] == '_' && index + 1 < text.Length && digit(text[index + 1]))))
        {
            index++;
        }

        return index;
    }

    private static bool IsMark(string text, int index) => CharUnicodeInfo.GetUnicodeCategory(text, index)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
}
