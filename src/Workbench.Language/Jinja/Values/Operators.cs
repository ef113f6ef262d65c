using System.Numerics;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>Python's arithmetic operators with their coercions, sequence forms and error messages.</summary>
internal static class Operators
{
    public static Value Add(RenderContext context, Value left, Value right)
    {
        if (left is StringValue text && right is StringValue other)
        {
            return StringOperations.Concat(context, text, other);
        }

        if (Numbers.TryLong(left, out var x) && Numbers.TryLong(right, out var y))
        {
            var sum = unchecked(x + y);
            return ((x ^ sum) & (y ^ sum)) < 0 ? BigIntValue.Of((BigInteger)x + y) : IntValue.Of(sum);
        }

        if (left is SequenceValue first && right is SequenceValue second && first is ListValue == second is ListValue)
        {
            context.Charge(first.Items.Length + second.Items.Length);
            return first.With([.. first.Items, .. second.Items]);
        }

        RefuseUndefined(left, right);
        if (Arithmetic(context, left, right, "+", static (a, b) => a + b, static (a, b) => a + b, static (a, b) => a + b) is { } number)
        {
            return number;
        }

        throw left switch
        {
            StringValue { IsMarkup: false } => PythonError.TypeError($"can only concatenate str (not \"{right.TypeName}\") to str"),
            StringValue => Unsupported("+", left, right),
            ListValue => PythonError.TypeError($"can only concatenate list (not \"{right.TypeName}\") to list"),
            TupleValue => PythonError.TypeError($"can only concatenate tuple (not \"{right.TypeName}\") to tuple"),
            _ => Unsupported("+", left, right),
        };
    }

    public static Value Subtract(RenderContext context, Value left, Value right)
    {
        if (Numbers.TryLong(left, out var x) && Numbers.TryLong(right, out var y))
        {
            var difference = unchecked(x - y);
            return ((x ^ y) & (x ^ difference)) < 0 ? BigIntValue.Of((BigInteger)x - y) : IntValue.Of(difference);
        }

        RefuseUndefined(left, right);
        return Arithmetic(context, left, right, "-", static (a, b) => a - b, static (a, b) => a - b, static (a, b) => a - b)
            ?? throw Unsupported("-", left, right);
    }

    public static Value Multiply(RenderContext context, Value left, Value right)
    {
        if (left is StringValue { IsMarkup: true })
        {
            return Repeat(context, left, right);
        }

        RefuseUndefined(left, right);
        if (left is StringValue or SequenceValue && right is not StringValue { IsMarkup: true })
        {
            return Repeat(context, left, right);
        }

        if (right is StringValue or SequenceValue)
        {
            return Numbers.TryIndex(left, out _) || right is StringValue { IsMarkup: true }
                ? Repeat(context, right, left)
                : throw PythonError.TypeError($"can't multiply sequence by non-int of type '{left.TypeName}'");
        }

        if (Numbers.TryLong(left, out var x) && Numbers.TryLong(right, out var y))
        {
            var high = Math.BigMul(x, y, out var low);
            return high == low >> 63 ? IntValue.Of(low) : BigIntValue.Of((BigInteger)x * y);
        }

        if (Numbers.TryBigInteger(left, out var a) && Numbers.TryBigInteger(right, out var b))
        {
            GuardBits(context, a.GetBitLength() + b.GetBitLength());
        }

        return Arithmetic(context, left, right, "*", static (a, b) => a * b, static (a, b) => a * b, static (a, b) => a * b)
            ?? throw Unsupported("*", left, right);
    }

    public static Value Divide(RenderContext context, Value left, Value right)
    {
        RefuseUndefined(left, right);
        if (Numbers.TryBigInteger(left, out var a) && Numbers.TryBigInteger(right, out var b))
        {
            if (b.IsZero)
            {
                throw PythonError.ZeroDivision("division by zero");
            }

            ChargeIntegers(context, a.GetBitLength(), b.GetBitLength());
            return new FloatValue(Ratio(a, b));
        }

        return Arithmetic(context, left, right, "/", null, DivideReals, static (a, b) => a / b) ?? throw Unsupported("/", left, right);
    }

    public static Value FloorDivide(RenderContext context, Value left, Value right)
    {
        if (Numbers.TryLong(left, out var x) && Numbers.TryLong(right, out var y) && y > 0)
        {
            var quotient = Math.DivRem(x, y, out var remainder);
            return IntValue.Of(remainder < 0 ? quotient - 1 : quotient);
        }

        RefuseUndefined(left, right);
        return Arithmetic(context, left, right, "//", FloorDivideIntegers, FloorDivideReals, null) ?? throw Unsupported("//", left, right);
    }

    public static Value Modulo(RenderContext context, Value left, Value right)
    {
        if (Numbers.TryLong(left, out var x) && Numbers.TryLong(right, out var y) && y > 0)
        {
            var remainder = x % y;
            return IntValue.Of(remainder < 0 ? remainder + y : remainder);
        }

        if (left is StringValue format)
        {
            return PercentFormat.Apply(context, format, right);
        }

        RefuseUndefined(left, right);
        return Arithmetic(context, left, right, "%", ModuloIntegers, ModuloReals, null) ?? throw Unsupported("%", left, right);
    }

    public static Value Power(RenderContext context, Value left, Value right)
    {
        RefuseUndefined(left, right);
        if (Numbers.TryBigInteger(left, out var a) && Numbers.TryBigInteger(right, out var b))
        {
            if (b.Sign >= 0)
            {
                return IntegerPower(context, a, b);
            }

            return new FloatValue(RealPower(Numbers.ToDouble(a), Numbers.ToDouble(b)));
        }

        if (Numbers.TryDouble(left, out var x) && Numbers.TryDouble(right, out var y))
        {
            return x < 0 && double.IsFinite(x) && double.IsFinite(y) && Math.Floor(y) != y
                ? new ComplexValue(Complex.Pow(x, y))
                : new FloatValue(RealPower(x, y));
        }

        if (Complexes(left, right) is var (p, q))
        {
            return new ComplexValue(Complex.Pow(p, q));
        }

        throw Unsupported("** or pow()", left, right);
    }

    public static Value Negate(Value value) => value switch
    {
        IntValue integer when integer.Value != long.MinValue => IntValue.Of(-integer.Value),
        FloatValue real => new FloatValue(-real.Value),
        ComplexValue complex => new ComplexValue(-complex.Value),
        UndefinedValue undefined => throw undefined.Fail(),
        _ when Numbers.TryBigInteger(value, out var number) => BigIntValue.Of(-number),
        _ => throw PythonError.TypeError($"bad operand type for unary -: '{value.TypeName}'"),
    };

    public static Value Plus(Value value) => value switch
    {
        BoolValue boolean => IntValue.Of(boolean.Value ? 1 : 0),
        IntValue or BigIntValue or FloatValue or ComplexValue => value,
        UndefinedValue undefined => throw undefined.Fail(),
        _ => throw PythonError.TypeError($"bad operand type for unary +: '{value.TypeName}'"),
    };

    public static double FloorModulo(double a, double b)
    {
        var remainder = a % b;
        if (remainder != 0 && remainder < 0 != b < 0)
        {
            remainder += b;
        }

        return remainder == 0 ? double.CopySign(0, b) : remainder;
    }

    private static Value? Arithmetic(
        RenderContext context,
        Value left,
        Value right,
        string symbol,
        Func<BigInteger, BigInteger, BigInteger>? integers,
        Func<double, double, double> reals,
        Func<Complex, Complex, Complex>? complexes)
    {
        if (integers is not null && Numbers.TryBigInteger(left, out var a) && Numbers.TryBigInteger(right, out var b))
        {
            ChargeIntegers(context, a.GetBitLength(), b.GetBitLength());
            return BigIntValue.Of(integers(a, b));
        }

        if ((left is FloatValue || right is FloatValue) && Numbers.TryDouble(left, out var x) && Numbers.TryDouble(right, out var y))
        {
            return new FloatValue(reals(x, y));
        }

        if (Complexes(left, right) is var (p, q))
        {
            return complexes is null ? throw Unsupported(symbol, left, right) : new ComplexValue(complexes(p, q));
        }

        return null;
    }

    private static (Complex Left, Complex Right)? Complexes(Value left, Value right)
    {
        if (left is not ComplexValue && right is not ComplexValue)
        {
            return null;
        }

        return ToComplex(left) is { } p && ToComplex(right) is { } q ? (p, q) : null;
    }

    private static Complex? ToComplex(Value value) =>
        value is ComplexValue complex ? complex.Value : Numbers.TryDouble(value, out var real) ? real : null;

    private static Value Repeat(RenderContext context, Value sequence, Value count)
    {
        if (!Numbers.TryIndex(count, out var times))
        {
            throw PythonError.TypeError(sequence is StringValue { IsMarkup: true }
                ? $"'{count.TypeName}' object cannot be interpreted as an integer"
                : $"can't multiply sequence by non-int of type '{count.TypeName}'");
        }

        if (count is BigIntValue)
        {
            throw PythonError.Overflow("cannot fit 'int' into an index-sized integer");
        }

        times = Math.Max(0, times);
        if (sequence is StringValue text)
        {
            return StringOperations.Repeat(context, text, times);
        }

        var items = ((SequenceValue)sequence).Items;
        context.Charge(items.Length == 0 ? 0 : Math.Min(times, long.MaxValue / 4 / items.Length) * items.Length);
        var repeated = new Value[items.Length * (int)(items.Length == 0 ? 0 : times)];
        for (var start = 0; start < repeated.Length; start += items.Length)
        {
            items.CopyTo(repeated, start);
        }

        return ((SequenceValue)sequence).With(repeated);
    }

    private static Value IntegerPower(RenderContext context, BigInteger a, BigInteger b)
    {
        if (a.IsZero || a.IsOne || a == BigInteger.MinusOne)
        {
            return BigIntValue.Of(b.IsZero ? 1 : a == BigInteger.MinusOne && b.IsEven ? 1 : a);
        }

        var bits = b > context.MaxIntegerBits ? long.MaxValue : a.GetBitLength() * (long)b;
        GuardBits(context, bits);
        ChargeIntegers(context, bits, bits);
        return BigIntValue.Of(BigInteger.Pow(a, (int)b));
    }

    private static double RealPower(double x, double y)
    {
        if (x == 0 && y < 0)
        {
            throw PythonError.ZeroDivision("0.0 cannot be raised to a negative power");
        }

        var power = Math.Pow(x, y);
        return double.IsInfinity(power) && double.IsFinite(x) && double.IsFinite(y)
            ? throw PythonError.Overflow("(34, 'Numerical result out of range')")
            : power;
    }

    private static double DivideReals(double a, double b) =>
        b == 0 ? throw PythonError.ZeroDivision("float division by zero") : a / b;

    private static double FloorDivideReals(double a, double b)
    {
        if (b == 0)
        {
            throw PythonError.ZeroDivision("float floor division by zero");
        }

        // As CPython's float_floor_div: the quotient is rebuilt from the exact remainder, so that it agrees with %.
        var remainder = FloorModulo(a, b);
        var quotient = (a - remainder) / b;
        if (quotient == 0)
        {
            return double.CopySign(0, a / b);
        }

        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double ModuloReals(double a, double b) =>
        b == 0 ? throw PythonError.ZeroDivision("float modulo") : FloorModulo(a, b);

    private static BigInteger FloorDivideIntegers(BigInteger a, BigInteger b)
    {
        if (b.IsZero)
        {
            throw PythonError.ZeroDivision("integer division or modulo by zero");
        }

        var quotient = BigInteger.DivRem(a, b, out var remainder);
        return !remainder.IsZero && remainder.Sign < 0 != b.Sign < 0 ? quotient - 1 : quotient;
    }

    private static BigInteger ModuloIntegers(BigInteger a, BigInteger b)
    {
        if (b.IsZero)
        {
            throw PythonError.ZeroDivision("integer modulo by zero");
        }

        var remainder = BigInteger.Remainder(a, b);
        return !remainder.IsZero && remainder.Sign < 0 != b.Sign < 0 ? remainder + b : remainder;
    }

    private static double Ratio(BigInteger a, BigInteger b)
    {
        const long exact = 1L << 53;
        if (BigInteger.Abs(a) <= exact && BigInteger.Abs(b) <= exact)
        {
            return (double)a / (double)b;
        }

        // Scale so that the quotient has 63 or 64 bits with a sticky bit, then round once.
        var shift = 63 - (int)(a.GetBitLength() - b.GetBitLength());
        var numerator = shift > 0 ? BigInteger.Abs(a) << shift : BigInteger.Abs(a);
        var denominator = shift < 0 ? BigInteger.Abs(b) << -shift : BigInteger.Abs(b);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var mantissa = (double)(ulong)(remainder.IsZero ? quotient : quotient | 1);
        var ratio = Math.ScaleB(mantissa, -shift);
        if (double.IsInfinity(ratio))
        {
            throw PythonError.Overflow("integer division result too large for a float");
        }

        return a.Sign < 0 != b.Sign < 0 ? -ratio : ratio;
    }

    private static void GuardBits(RenderContext context, long bits)
    {
        if (bits > context.MaxIntegerBits)
        {
            throw PythonError.Limit(
                $"an integer would have more than {context.MaxIntegerBits:N0} bits; raise RenderOptions.MaxIntegerBits if that is intended");
        }
    }

    /// <summary>Multiplying and dividing take about the product of the lengths; a step is worth a thousand products of words.</summary>
    private static void ChargeIntegers(RenderContext context, long bits, long otherBits)
    {
        if (((bits >> 6) * (otherBits >> 6)) >> 10 is var cost and > 0)
        {
            context.Charge(cost);
        }
    }

    private static void RefuseUndefined(Value left, Value right)
    {
        if (left is UndefinedValue undefined || (undefined = (right as UndefinedValue)!) is not null)
        {
            throw undefined.Fail();
        }
    }

    private static PythonError Unsupported(string symbol, Value left, Value right) => PythonError.TypeError(
        $"unsupported operand type(s) for {symbol}: '{left.TypeName}' and '{right.TypeName}'");
}
