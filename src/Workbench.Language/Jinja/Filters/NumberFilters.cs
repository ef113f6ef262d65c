using System.Globalization;
using System.Numerics;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>Filters over numbers and conversions to them.</summary>
internal static class NumberFilters
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static Value Abs(RenderContext context, Value value) => value switch
    {
        FloatValue real => new FloatValue(Math.Abs(real.Value)),
        ComplexValue complex => new FloatValue(Complex.Abs(complex.Value)),
        _ when Numbers.TryBigInteger(value, out var number) => BigIntValue.Of(BigInteger.Abs(number)),
        _ => throw PythonError.TypeError($"bad operand type for abs(): '{value.TypeName}'"),
    };

    public static Value Int(RenderContext context, Value?[] a)
    {
        var value = a[0]!;
        switch (value)
        {
            case UndefinedValue undefined:
                throw undefined.Fail();
            case FloatValue real when !double.IsNaN(real.Value):
                return BigIntValue.Of(PercentFormat.ToInteger(real.Value));
            case StringValue text:
                if (NumberParser.TryInteger(text.Text, a[2] is null ? 10 : Radix(a[2]!), context.MaxIntegerBits, out var parsed))
                {
                    return BigIntValue.Of(parsed);
                }

                return NumberParser.TryFloat(text.Text, out var number) && double.IsFinite(number)
                    ? BigIntValue.Of(PercentFormat.ToInteger(number))
                    : a[1] ?? IntValue.Of(0);
            default:
                return Numbers.TryBigInteger(value, out var integer) ? BigIntValue.Of(integer) : a[1] ?? IntValue.Of(0);
        }
    }

    // A base of another type is a TypeError, which the filter takes for text that is no integer.
    private static long Radix(Value value) => Numbers.TryIndex(value, out var radix) ? radix : -1;

    public static Value Float(RenderContext context, Value?[] a) => a[0] switch
    {
        UndefinedValue undefined => throw undefined.Fail(),
        StringValue text when NumberParser.TryFloat(text.Text, out var parsed) => new FloatValue(parsed),
        var value when Numbers.TryDouble(value!, out var number) => new FloatValue(number),
        _ => a[1] ?? new FloatValue(0),
    };

    public static Value Round(RenderContext context, Value?[] a)
    {
        var method = a[2] is null ? "common" : (a[2] as StringValue)?.Text;
        _ = a[2]?.Hash();
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw PythonError.FilterArgument("method must be common, ceil or floor");
        }

        var precision = a[1] ?? IntValue.Of(0);
        if (method == "common")
        {
            return RoundToEven(a[0]!, precision);
        }

        var factor = Operators.Power(context, IntValue.Of(10), precision);
        var scaled = Operators.Multiply(context, a[0]!, factor);
        Value whole = scaled switch
        {
            FloatValue real => BigIntValue.Of(PercentFormat.ToInteger(method == "ceil" ? Math.Ceiling(real.Value) : Math.Floor(real.Value))),
            _ when Numbers.TryBigInteger(scaled, out var integer) => BigIntValue.Of(integer),
            _ => throw PythonError.TypeError($"must be real number, not {scaled.TypeName}"),
        };
        return Operators.Divide(context, whole, factor);
    }

    public static Value Sum(RenderContext context, Value?[] a)
    {
        var items = Sequences.Iterate(context, a[0]!);
        var path = a[1] is null or NoneValue ? null : AttributePath.Parse(a[1]);
        var sum = a[2] ?? IntValue.Of(0);
        if (sum is StringValue)
        {
            throw PythonError.TypeError("sum() can't sum strings [use ''.join(seq) instead]");
        }

        while (items.MoveNext())
        {
            context.Charge(1);
            sum = Operators.Add(context, sum, path?.Read(context, items.Current) ?? items.Current);
        }

        return sum;
    }

    public static Value FileSizeFormat(RenderContext context, Value?[] a)
    {
        double size = 0;
        switch (a[0])
        {
            case UndefinedValue undefined:
                throw undefined.Fail();
            case StringValue text:
                size = NumberParser.TryFloat(text.Text, out var parsed)
                    ? parsed
                    : throw PythonError.ValueError($"could not convert string to float: {text.Repr()}");
                break;
            default:
                if (!Numbers.TryDouble(a[0]!, out size))
                {
                    throw PythonError.TypeError($"float() argument must be a string or a real number, not '{a[0]!.TypeName}'");
                }

                break;
        }

        var binary = a[1]?.IsTrue == true;
        var step = binary ? 1024.0 : 1000.0;
        if (size == 1)
        {
            return new StringValue("1 Byte");
        }

        if (size < step)
        {
            return new StringValue($"{PercentFormat.ToInteger(size).ToString(CultureInfo.InvariantCulture)} Bytes");
        }

        var units = binary ? BinaryUnits : DecimalUnits;
        var unit = step * step;
        var index = 0;
        while (size >= unit && index < units.Length - 1)
        {
            unit *= step;
            index++;
        }

        return new StringValue($"{NumberText.Real(step * size / unit, 'f', 1, alternate: false)} {units[index]}");
    }

    private static Value RoundToEven(Value value, Value precision)
    {
        if (value is not FloatValue && !Numbers.TryBigInteger(value, out _))
        {
            throw PythonError.TypeError($"type {value.TypeName} doesn't define __round__ method");
        }

        var digits = precision switch
        {
            _ when Numbers.TryIndex(precision, out var count) => (int)Math.Clamp(count, -100_000, 100_000),
            NoneValue => 0,
            _ => throw PythonError.TypeError($"'{precision.TypeName}' object cannot be interpreted as an integer"),
        };
        if (value is FloatValue real)
        {
            return precision is NoneValue
                ? BigIntValue.Of(new BigInteger(FloatFormat.Round(real.Value, 0)))
                : new FloatValue(FloatFormat.Round(real.Value, digits));
        }

        _ = Numbers.TryBigInteger(value, out var number);
        if (digits >= 0)
        {
            return BigIntValue.Of(number);
        }

        var unit = BigInteger.Pow(10, -digits);
        var quotient = BigInteger.DivRem(BigInteger.Abs(number), unit, out var remainder);
        var twice = (remainder * 2).CompareTo(unit);
        quotient += twice > 0 || (twice == 0 && !quotient.IsEven) ? 1 : 0;
        return BigIntValue.Of(quotient * unit * number.Sign);
    }
}
