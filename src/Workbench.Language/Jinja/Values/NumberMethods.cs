using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>Attributes and methods of int, bool and float.</summary>
internal static class NumberMethods
{
    private static readonly FrozenDictionary<string, Method> OfInt = Integers("int");

    private static readonly FrozenDictionary<string, Method> OfBool = Integers("bool");

    private static readonly FrozenDictionary<string, Method> OfFloat = new MethodTable("float")
        .NoArguments("is_integer", (_, self) => BoolValue.Of(Math.Floor(Real(self)) == Real(self) && double.IsFinite(Real(self))))
        .NoArguments("conjugate", (_, self) => self)
        .NoArguments("hex", (_, self) => new StringValue(Hex(Real(self))))
        .NoArguments("as_integer_ratio", (_, self) => Ratio(Real(self)))
        .Build();

    public static Value? Find(Value self, string name)
    {
        var real = self is FloatValue;
        switch (name)
        {
            case "real":
                return Operators.Plus(self);
            case "imag":
                return real ? new FloatValue(0) : IntValue.Of(0);
            case "numerator" when !real:
                return Operators.Plus(self);
            case "denominator" when !real:
                return IntValue.Of(1);
        }

        return (real ? OfFloat : self is BoolValue ? OfBool : OfInt).TryGetValue(name, out var method) ? new BoundMethodValue(self, method) : null;
    }

    private static FrozenDictionary<string, Method> Integers(string owner) => new MethodTable(owner)
        .NoArguments("bit_length", (_, self) => IntValue.Of((long)(BigInteger.Abs(Integer(self)).GetBitLength())))
        .NoArguments("bit_count", (_, self) => IntValue.Of(BitCount(BigInteger.Abs(Integer(self)))))
        .NoArguments("conjugate", (_, self) => Operators.Plus(self))
        .NoArguments("as_integer_ratio", (_, self) => new TupleValue([Operators.Plus(self), IntValue.Of(1)]))
        .Build();

    private static BigInteger Integer(Value self) => Numbers.TryBigInteger(self, out var number) ? number : default;

    private static double Real(Value self) => ((FloatValue)self).Value;

    private static long BitCount(BigInteger number)
    {
        var count = 0L;
        foreach (var octet in number.ToByteArray())
        {
            count += BitOperations.PopCount(octet);
        }

        return count;
    }

    private static string Hex(double value)
    {
        if (FloatFormat.Special(value) is { } special)
        {
            return special;
        }

        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> 52);
        var fraction = (bits & 0xFFFFFFFFFFFFF).ToString("x13", CultureInfo.InvariantCulture);
        var sign = double.IsNegative(value) ? "-" : "";
        var power = exponent == 0 ? value == 0 ? 0 : -1022 : exponent - 1023;
        return value == 0
            ? $"{sign}0x0.0p+0"
            : $"{sign}0x{(exponent == 0 ? 0 : 1)}.{fraction}p{(power < 0 ? "" : "+")}{power.ToString(CultureInfo.InvariantCulture)}";
    }

    private static TupleValue Ratio(double value)
    {
        if (!double.IsFinite(value))
        {
            throw double.IsNaN(value)
                ? PythonError.ValueError("cannot convert NaN to integer ratio")
                : PythonError.Overflow("cannot convert Infinity to integer ratio");
        }

        var denominator = BigInteger.One;
        while (Math.Floor(value) != value)
        {
            value *= 2;
            denominator <<= 1;
        }

        return new TupleValue([BigIntValue.Of(new BigInteger(value)), BigIntValue.Of(denominator)]);
    }
}
