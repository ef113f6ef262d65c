using System.Globalization;
using System.Numerics;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>Python's <c>None</c>.</summary>
internal sealed class NoneValue : Value
{
    public static readonly NoneValue Instance = new();

    public override string TypeName => "NoneType";

    public override string Description => "None";

    public override bool IsTrue => false;

    public override void WriteRepr(TextBuilder text) => text.Append("None", Origin);

    public override bool EqualTo(Value other) => other is NoneValue;

    public override int Hash() => 0x4e6f6e65;
}

/// <summary><c>True</c> and <c>False</c>, which are integers too.</summary>
internal sealed class BoolValue(bool value) : Value
{
    public static readonly BoolValue True = new(true);
    public static readonly BoolValue False = new(false);

    public bool Value { get; } = value;

    public override string TypeName => "bool";

    public override bool IsTrue => Value;

    public static BoolValue Of(bool value) => value ? True : False;

    public override void WriteRepr(TextBuilder text) => text.Append(Value ? "True" : "False", Origin);

    public override Value? Attribute(RenderContext context, string name) => NumberMethods.Find(this, name);

    public override bool EqualTo(Value other) => Numbers.Equal(this, other);

    public override int Hash() => Value ? 1 : 0;
}

/// <summary>An integer within 64 bits; larger ones are <see cref="BigIntValue"/>.</summary>
internal sealed class IntValue(long value) : Value
{
    private static readonly IntValue[] Small = [.. Enumerable.Range(-128, 1152).Select(n => new IntValue(n))];

    public long Value { get; } = value;

    public override string TypeName => "int";

    public override bool IsTrue => Value != 0;

    public static IntValue Of(long value) => value is >= -128 and < 1024 ? Small[value + 128] : new IntValue(value);

    public override void WriteRepr(TextBuilder text)
    {
        Span<char> digits = stackalloc char[20];
        Value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        text.Append(digits[..length], Origin);
    }

    public override Value? Attribute(RenderContext context, string name) => NumberMethods.Find(this, name);

    public override bool EqualTo(Value other) => other is IntValue integer ? integer.Value == Value : Numbers.Equal(this, other);

    public override int Hash() => Value.GetHashCode();
}

/// <summary>An integer beyond 64 bits.</summary>
internal sealed class BigIntValue(BigInteger value) : Value
{
    /// <summary>Digits that Python converts between int and str; more raise ValueError (CVE-2020-10735).</summary>
    public const int MaxDigits = 4300;

    public BigInteger Value { get; } = value;

    public override string TypeName => "int";

    public static Value Of(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? IntValue.Of((long)value) : new BigIntValue(value);

    public override void WriteRepr(TextBuilder text)
    {
        // log10(2) bits a digit: a cheap lower bound spares the conversion of a number that is far too long.
        if (Value.GetBitLength() > MaxDigits * 3.33)
        {
            throw TooLong();
        }

        var digits = Value.ToString(CultureInfo.InvariantCulture);
        if (digits.Length - (Value.Sign < 0 ? 1 : 0) > MaxDigits)
        {
            throw TooLong();
        }

        text.Append(digits, Origin);
    }

    public override Value? Attribute(RenderContext context, string name) => NumberMethods.Find(this, name);

    public override bool EqualTo(Value other) => Numbers.Equal(this, other);

    public override int Hash() => Value.GetHashCode();

    private static PythonError TooLong() => PythonError.ValueError(
        $"Exceeds the limit ({MaxDigits} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit");
}

/// <summary>A double, written as Python's shortest repr.</summary>
internal sealed class FloatValue(double value) : Value
{
    public double Value { get; } = value;

    public override string TypeName => "float";

    public override bool IsTrue => Value != 0;

    public override void WriteRepr(TextBuilder text) => text.Append(FloatFormat.Repr(Value), Origin);

    public override Value? Attribute(RenderContext context, string name) => NumberMethods.Find(this, name);

    public override bool EqualTo(Value other) => Numbers.Equal(this, other);

    public override int Hash() =>
        Value == Math.Floor(Value) && Math.Abs(Value) < 9e18 ? ((long)Value).GetHashCode() : Value.GetHashCode();
}

/// <summary>A complex number: only a negative number raised to a fraction makes one.</summary>
internal sealed class ComplexValue(Complex value) : Value
{
    public Complex Value { get; } = value;

    public override string TypeName => "complex";

    public override bool IsTrue => Value != Complex.Zero;

    public override void WriteRepr(TextBuilder text)
    {
        var sign = Value.Imaginary < 0 || double.IsNegative(Value.Imaginary) ? "" : "+";
        text.Append($"({Part(Value.Real)}{sign}{Part(Value.Imaginary)}j)", Origin);
    }

    // Complex parts drop the ".0" that a float's own repr keeps.
    private static string Part(double part)
    {
        var text = FloatFormat.Repr(part);
        return text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
    }
}
