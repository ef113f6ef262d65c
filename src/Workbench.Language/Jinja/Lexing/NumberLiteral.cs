using System.Globalization;
using System.Numerics;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>Integers (decimal, <c>0b</c>, <c>0o</c>, <c>0x</c>) and floats, with underscores between digits.</summary>
internal static class NumberLiteral
{
    /// <summary>Reads the literal that starts with the digit at <paramref name="at"/>; returns one past its end.</summary>
    /// <param name="afterDot">A float may not follow a dot: <c>x.0.1</c> is two subscripts.</param>
    public static int Match(string text, int at, bool afterDot, out string type, out object number)
    {
        if (!afterDot && MatchFloat(text, at) is var end and >= 0)
        {
            type = TokenType.Float;
            number = double.Parse(Clean(text, at, end), NumberStyles.Float, CultureInfo.InvariantCulture);
            return end;
        }

        type = TokenType.Integer;
        return MatchInteger(text, at, out number);
    }

    private static int MatchFloat(string text, int at)
    {
        var end = Digits(text, at, char.IsAsciiDigit);
        var hasFraction = false;
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            hasFraction = true;
            end = Digits(text, end + 1, char.IsAsciiDigit);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var exponent = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                return Digits(text, exponent, char.IsAsciiDigit);
            }
        }

        return hasFraction ? end : -1;
    }

    private static int MatchInteger(string text, int at, out object number)
    {
        if (text[at] == '0' && at + 2 < text.Length)
        {
            Func<char, bool>? isDigit = char.ToLowerInvariant(text[at + 1]) switch
            {
                'b' => static c => c is '0' or '1',
                'o' => static c => c is >= '0' and <= '7',
                'x' => char.IsAsciiHexDigit,
                _ => null,
            };
            var first = text[at + 2] == '_' ? at + 3 : at + 2;
            if (isDigit is not null && first < text.Length && isDigit(text[first]))
            {
                var prefixed = Digits(text, first, isDigit);
                var digits = Clean(text, first, prefixed);
                number = char.ToLowerInvariant(text[at + 1]) switch
                {
                    'b' => BigInteger.Parse("0" + digits, NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture),
                    'x' => BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    _ => digits.Aggregate(BigInteger.Zero, (value, digit) => (value * 8) + (digit - '0')),
                };
                return prefixed;
            }
        }

        var end = text[at] == '0' ? Digits(text, at, static c => c == '0') : Digits(text, at, char.IsAsciiDigit);
        number = BigInteger.Parse(Clean(text, at, end), CultureInfo.InvariantCulture);
        return end;
    }

    /// <summary>One past the digits at <paramref name="at"/>, single underscores between them included.</summary>
    private static int Digits(string text, int at, Func<char, bool> isDigit)
    {
        while (at < text.Length
               && (isDigit(text[at]) || (text[at] == '_' && at + 1 < text.Length && isDigit(text[at + 1]))))
        {
            at++;
        }

        return at;
    }

    private static string Clean(string text, int start, int end) =>
        text[start..end].Replace("_", "", StringComparison.Ordinal);
}
