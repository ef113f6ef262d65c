using System.Globalization;
using System.Numerics;
using System.Text;

namespace Workbench.Language.Jinja.Values;

/// <summary>The digits of numbers in the notations that <c>%</c> and <c>format()</c> share; signs and padding are theirs.</summary>
internal static class NumberText
{
    /// <summary>e, f, g (either case), n or %: the magnitude of a real number.</summary>
    public static string Real(double magnitude, char type, int precision, bool alternate)
    {
        if (FloatFormat.Special(magnitude) is { } special)
        {
            return char.IsUpper(type) ? special.ToUpperInvariant() : type == '%' ? special + "%" : special;
        }

        return type switch
        {
            'f' or 'F' => FloatFormat.Fixed(magnitude, precision) + (alternate && precision == 0 ? "." : ""),
            '%' => FloatFormat.Fixed(magnitude * 100, precision) + (alternate && precision == 0 ? "." : "") + "%",
            'e' or 'E' => Scientific(magnitude, precision, type, alternate),
            _ => General(magnitude, precision, type == 'G' ? 'E' : 'e', alternate),
        };
    }

    /// <summary>A magnitude in base 2, 8, 10 or 16, without prefix.</summary>
    public static string Integer(BigInteger magnitude, char type)
    {
        switch (type)
        {
            case 'x':
            case 'X':
                var hex = magnitude.ToString(type == 'x' ? "x" : "X", CultureInfo.InvariantCulture).TrimStart('0');
                return hex.Length == 0 ? "0" : hex;
            case 'o':
            case 'b':
                return Digits(magnitude, type == 'o' ? 3 : 1);
            default:
                var text = new TextBuilder(traced: false, capacity: 32);
                BigIntValue.Of(magnitude).WriteRepr(text);
                return text.ToString();
        }
    }

    /// <summary>Puts separators into the integer part: every 3 decimal digits, every 4 others.</summary>
    public static string Group(string digits, char separator, int size)
    {
        var whole = 0;
        while (whole < digits.Length && char.IsAsciiHexDigit(digits[whole]) && digits[whole] is not ('e' or 'E' or '.') | size == 4)
        {
            whole++;
        }

        var grouped = new StringBuilder(digits);
        for (var position = whole - size; position > 0; position -= size)
        {
            grouped.Insert(position, separator);
        }

        return grouped.ToString();
    }

    private static string Scientific(double magnitude, int precision, char type, bool alternate)
    {
        var (digits, exponent) = FloatFormat.Significant(magnitude, precision + 1);
        var point = precision > 0 || alternate ? "." : "";
        return $"{digits[0]}{point}{digits[1..]}{type}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string General(double magnitude, int precision, char exponentMark, bool alternate)
    {
        precision = Math.Max(1, precision);
        var (digits, exponent) = FloatFormat.Significant(magnitude, precision);
        if (exponent < -4 || exponent >= precision)
        {
            var mantissa = alternate ? digits : digits.TrimEnd('0').PadRight(1, '0');
            var point = mantissa.Length > 1 || alternate ? "." : "";
            return $"{mantissa[0]}{point}{mantissa[1..]}{exponentMark}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        var text = exponent < 0
            ? "0." + new string('0', -exponent - 1) + digits
            : exponent + 1 >= digits.Length ? digits + (alternate ? "." : "") : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
        return alternate || !text.Contains('.') ? text : text.TrimEnd('0').TrimEnd('.');
    }

    private static string Digits(BigInteger magnitude, int bits)
    {
        if (magnitude.IsZero)
        {
            return "0";
        }

        var digits = new StringBuilder();
        while (!magnitude.IsZero)
        {
            digits.Insert(0, (char)('0' + (int)(magnitude & ((1 << bits) - 1))));
            magnitude >>= bits;
        }

        return digits.ToString();
    }
}
