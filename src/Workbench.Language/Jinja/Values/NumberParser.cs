using System.Globalization;
using System.Numerics;

namespace Workbench.Language.Jinja.Values;

/// <summary><c>int(text, base)</c> and <c>float(text)</c>: white space around, underscores between digits.</summary>
internal static class NumberParser
{
    /// <summary>Reads an integer; one of more than <paramref name="maxBits"/> bits is beyond the engine's limit.</summary>
    public static bool TryInteger(string text, long radix, int maxBits, out BigInteger number)
    {
        number = default;
        var digits = TrimSpace(text);
        var negative = digits.StartsWith('-');
        digits = negative || digits.StartsWith('+') ? digits[1..] : digits;
        if (radix is not 0 and (< 2 or > 36))
        {
            return false;
        }

        var prefix = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefix != 0 && (radix == 0 || radix == prefix))
        {
            radix = prefix;
            digits = digits[2..];
            digits = digits.StartsWith('_') ? digits[1..] : digits;
        }
        else if (radix == 0)
        {
            radix = 10;
            if (digits.StartsWith('0') && digits.Trim('0', '_').Length > 0)
            {
                return false;
            }
        }

        if (!Plain(digits, out var plain) || (plain.Length > BigIntValue.MaxDigits && (radix & (radix - 1)) != 0))
        {
            return false;
        }

        if (plain.Length * Math.Log2(radix) > maxBits)
        {
            throw PythonError.Limit($"an integer would have more than {maxBits:N0} bits; raise RenderOptions.MaxIntegerBits if that is intended");
        }

        // Digits are gathered in a machine word, since a product for every one of them would take the square of their number.
        ulong word = 0, scale = 1;
        foreach (var character in plain)
        {
            var digit = char.IsAsciiDigit(character) ? character - '0'
                : char.IsAsciiLetter(character) ? char.ToLowerInvariant(character) - 'a' + 10
                : PythonCharacters.IsDecimal(character) ? (int)CharUnicodeInfo.GetNumericValue(character) : 99;
            if (digit >= radix)
            {
                return false;
            }

            word = (word * (ulong)radix) + (ulong)digit;
            scale *= (ulong)radix;
            if (scale > ulong.MaxValue / 64 / (ulong)radix)
            {
                number = (number * scale) + word;
                (word, scale) = (0, 1);
            }
        }

        number = (number * scale) + word;
        number = negative ? -number : number;
        return true;
    }

    public static bool TryFloat(string text, out double number)
    {
        number = 0;
        var digits = TrimSpace(text);
        var unsigned = digits.TrimStart('+', '-');
        if (digits.Length - unsigned.Length > 1 || unsigned.Length == 0)
        {
            return false;
        }

        switch (unsigned.ToLowerInvariant())
        {
            case "inf" or "infinity":
                number = digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            case "nan":
                number = double.NaN;
                return true;
        }

        // Underscores stand between digits only.
        for (var index = 0; index < digits.Length; index++)
        {
            if (digits[index] == '_' && (index == 0 || index == digits.Length - 1
                || !char.IsAsciiDigit(digits[index - 1]) || !char.IsAsciiDigit(digits[index + 1])))
            {
                return false;
            }
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(digits.Replace("_", "", StringComparison.Ordinal), style, CultureInfo.InvariantCulture, out number);
    }

    private static string TrimSpace(string text) => StringOperations.Strip(new StringValue(text), null, left: true, right: true).Text;

    private static bool Plain(string digits, out string plain)
    {
        plain = digits.Replace("_", "", StringComparison.Ordinal);
        return plain.Length > 0 && !digits.StartsWith('_') && !digits.EndsWith('_') && !digits.Contains("__", StringComparison.Ordinal);
    }
}
