using System.Numerics;

namespace Workbench.Language.Jinja.Values;

/// <summary>Reads the numbers behind bool, int and float values, and compares them across types as Python does.</summary>
internal static class Numbers
{
    public static bool IsNumber(Value value) => value is IntValue or FloatValue or BoolValue or BigIntValue or ComplexValue;

    /// <summary>An integer used as an index; one beyond 64 bits is clamped, it is out of any range anyway.</summary>
    public static bool TryIndex(Value value, out long index)
    {
        switch (value)
        {
            case IntValue integer:
                index = Math.Clamp(integer.Value, long.MinValue / 4, long.MaxValue / 4);
                return true;
            case BoolValue boolean:
                index = boolean.Value ? 1 : 0;
                return true;
            case BigIntValue big:
                index = big.Value.Sign < 0 ? long.MinValue / 4 : long.MaxValue / 4;
                return true;
            default:
                index = 0;
                return false;
        }
    }

    public static bool TryBigInteger(Value value, out BigInteger number)
    {
        if (value is BigIntValue big)
        {
            number = big.Value;
            return true;
        }

        var isWhole = TryLong(value, out var small);
        number = small;
        return isWhole;
    }

    public static bool TryLong(Value value, out long number)
    {
        switch (value)
        {
            case IntValue integer:
                number = integer.Value;
                return true;
            case BoolValue boolean:
                number = boolean.Value ? 1 : 0;
                return true;
            default:
                number = 0;
                return false;
        }
    }

    /// <summary>Any real number as a double; OverflowError for an integer beyond a double's range.</summary>
    public static bool TryDouble(Value value, out double number)
    {
        switch (value)
        {
            case FloatValue real:
                number = real.Value;
                return true;
            case IntValue integer:
                number = integer.Value;
                return true;
            case BoolValue boolean:
                number = boolean.Value ? 1 : 0;
                return true;
            case BigIntValue big:
                number = ToDouble(big.Value);
                return true;
            default:
                number = 0;
                return false;
        }
    }

    /// <summary>The nearest double, ties to even; BigInteger's own conversion cuts off what does not fit.</summary>
    public static double ToDouble(BigInteger value)
    {
        var magnitude = BigInteger.Abs(value);
        var excess = (int)Math.Max(0, (long)magnitude.GetBitLength() - 64);
        var top = (ulong)(magnitude >> excess);
        var sticky = excess > 0 && (BigInteger)top << excess != magnitude ? 1UL : 0;
        var number = Math.ScaleB((double)(top | sticky), excess) * value.Sign;
        return double.IsInfinity(number) ? throw PythonError.Overflow("int too large to convert to float") : number;
    }

    public static bool Equal(Value left, Value right)
    {
        if (TryLong(left, out var x) && TryLong(right, out var y))
        {
            return x == y;
        }

        if (left is FloatValue || right is FloatValue)
        {
            return CompareReals(left, right) == 0;
        }

        return TryBigInteger(left, out var a) && TryBigInteger(right, out var b) && a == b;
    }

    /// <summary>Order of two real numbers, exact also between int and float; null where one is NaN or no number.</summary>
    public static int? CompareReals(Value left, Value right)
    {
        if (TryLong(left, out var x) && TryLong(right, out var y))
        {
            return x.CompareTo(y);
        }

        if (TryBigInteger(left, out var a))
        {
            if (TryBigInteger(right, out var b))
            {
                return a.CompareTo(b);
            }

            return right is FloatValue real ? CompareExact(a, real.Value) : null;
        }

        if (left is not FloatValue number)
        {
            return null;
        }

        if (right is FloatValue other)
        {
            return double.IsNaN(number.Value) || double.IsNaN(other.Value) ? null
                : number.Value < other.Value ? -1 : number.Value > other.Value ? 1 : 0;
        }

        return TryBigInteger(right, out var c) ? -CompareExact(c, number.Value) : null;
    }

    private static int? CompareExact(BigInteger integer, double real)
    {
        if (!double.IsFinite(real))
        {
            return double.IsNaN(real) ? null : real > 0 ? -1 : 1;
        }

        var whole = Math.Floor(real);
        var order = integer.CompareTo(new BigInteger(whole));
        return order != 0 ? order : whole < real ? -1 : 0;
    }
}
