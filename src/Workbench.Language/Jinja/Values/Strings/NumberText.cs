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
                return magnitude.IsZero ? "0" : type == 'o' ? Octal(Binary(magnitude)) : Binary(magnitude);
            default:
                var text = new TextBuilder(traced: false, capacity: 32);
                BigIntValue.Of(magnitude).WriteRepr(text);
                return text.ToString();
        }
    }

    /// <summary>
    /// Puts separators into the integer part: every 3 decimal digits, every 4 others; with as many zeros in front as make it
    /// at least <paramref name="room"/> long (0001234 for 7 is 001,234).
    /// </summary>
    public static string Group(string digits, char separator, int size, int room = 0)
    {
        var whole = 0;
        while (whole < digits.Length && char.IsAsciiHexDigit(digits[whole]) && digits[whole] is not ('e' or 'E' or '.') | size == 4)
        {
            whole++;
        }

        var rest = digits.Length - whole;
        var zeros = Math.Max(0, ((long)(room - rest) * size / (size + 1)) - whole - 1);
        while (Grouped(whole + zeros, size) + rest < room)
        {
            zeros++;
        }

        digits = new string('0', (int)zeros) + digits;
        whole += (int)zeros;
        var grouped = new StringBuilder((int)Grouped(whole, size) + rest);
        for (var position = 0; position < whole; position++)
        {
            if (position > 0 && (whole - position) % size == 0)
            {
                grouped.Append(separator);
            }

            grouped.Append(digits[position]);
        }

        return grouped.Append(digits, whole, rest).ToString();
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

    private static long Grouped(long digits, int size) => digits + ((digits - 1) / size);

    private static string Binary(BigInteger magnitude) => magnitude.ToString("B", CultureInfo.InvariantCulture).TrimStart('0');

    private static string Octal(string binary)
    {
        binary = binary.PadLeft((binary.Length + 2) / 3 * 3, '0');
        return string.Create(binary.Length / 3, binary, static (octal, bits) =>
        {
            for (var index = 0; index < octal.Length; index++)
            {
                var group = bits.AsSpan(3 * index, 3);
                octal[index] = (char)('0' + ((group[0] - '0') * 4) + ((group[1] - '0') * 2) + (group[2] - '0'));
            }
        });
    }
}
