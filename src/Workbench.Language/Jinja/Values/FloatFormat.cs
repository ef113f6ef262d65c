using System.Globalization;
using System.Numerics;

namespace Workbench.Language.Jinja.Values;

/// <summary>Text of floating-point numbers as Python writes it: shortest repr, and correctly rounded fixed formats.</summary>
internal static class FloatFormat
{
    /// <summary><c>repr(x)</c>: the shortest digits that read back as x, exponent below 1e-4 and from 1e16 on.</summary>
    public static string Repr(double value) => Special(value) ?? Layout(value, -4, 16, keepPoint: true);

    /// <summary>"nan", "inf", "-inf", or null for a finite number.</summary>
    public static string? Special(double value) =>
        double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf" : null;

    /// <summary>Digits and decimal exponent of the shortest form: 0.00123 is ("123", -3), its value d.dd × 10^exponent.</summary>
    public static (string Digits, int Exponent) Shortest(double magnitude)
    {
        if (magnitude == 0)
        {
            return ("0", 0);
        }

        // "E16" would round; the default format is the shortest that round-trips, in one of two layouts.
        var text = magnitude.ToString("R", CultureInfo.InvariantCulture);
        var exponent = 0;
        var mark = text.IndexOf('E');
        if (mark >= 0)
        {
            exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }

        var point = text.IndexOf('.');
        exponent += (point < 0 ? text.Length : point) - 1;
        var digits = point < 0 ? text : text.Remove(point, 1);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        return (digits.Length == 0 ? "0" : digits, exponent - leading);
    }

    /// <summary>Fixed notation with exactly <paramref name="precision"/> decimals, ties to even on the exact binary value.</summary>
    public static string Fixed(double magnitude, int precision)
    {
        var digits = ScaledRound(magnitude, precision).ToString(CultureInfo.InvariantCulture);
        if (precision == 0)
        {
            return digits;
        }

        digits = digits.PadLeft(precision + 1, '0');
        return digits[..^precision] + "." + digits[^precision..];
    }

    /// <summary>The first <paramref name="count"/> significant digits, correctly rounded, and the decimal exponent.</summary>
    public static (string Digits, int Exponent) Significant(double magnitude, int count)
    {
        if (magnitude == 0)
        {
            return (new string('0', count), 0);
        }

        var exponent = Shortest(magnitude).Exponent;
        var digits = ScaledRound(magnitude, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > count)
        {
            // 9.99 rounded up to 10.0: one more place than asked for.
            exponent++;
            digits = digits[..count];
        }

        return (digits, exponent);
    }

    /// <summary><c>round(x, digits)</c>: to the nearest decimal of the exact value, ties to even.</summary>
    public static double Round(double value, int digits)
    {
        if (!double.IsFinite(value) || digits > 323)
        {
            return value;
        }

        if (digits < -308)
        {
            return double.CopySign(0, value);
        }

        var scaled = ScaledRound(Math.Abs(value), digits);
        var text = scaled.ToString(CultureInfo.InvariantCulture) + "E" + (-digits).ToString(CultureInfo.InvariantCulture);
        var rounded = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsInfinity(rounded)
            ? throw PythonError.Overflow("rounded value too large to represent")
            : double.CopySign(rounded, value);
    }

    private static string Layout(double value, int lowest, int highest, bool keepPoint)
    {
        var (digits, exponent) = Shortest(Math.Abs(value));
        var sign = double.IsNegative(value) ? "-" : "";
        if (exponent < lowest || exponent >= highest)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        if (digits.Length <= exponent + 1)
        {
            return $"{sign}{digits.PadRight(exponent + 1, '0')}{(keepPoint ? ".0" : "")}";
        }

        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>magnitude × 10^power rounded to an integer, half to even, in exact arithmetic.</summary>
    private static BigInteger ScaledRound(double magnitude, int power)
    {
        var bits = BitConverter.DoubleToInt64Bits(magnitude);
        var exponentBits = (int)((bits >> 52) & 0x7FF);
        var mantissa = new BigInteger(exponentBits == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000);
        var exponent = Math.Max(exponentBits, 1) - 1075;
        var numerator = mantissa;
        var denominator = BigInteger.One;
        if (power >= 0)
        {
            numerator *= BigInteger.Pow(10, power);
        }
        else
        {
            denominator *= BigInteger.Pow(10, -power);
        }

        if (exponent >= 0)
        {
            numerator <<= exponent;
        }
        else
        {
            denominator <<= -exponent;
        }

        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var twice = (remainder << 1).CompareTo(denominator);
        return twice > 0 || (twice == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
