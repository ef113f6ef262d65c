using System.Numerics;

namespace Workbench.Language.Jinja.Values;

/// <summary>The <c>a:b:c</c> of a subscript.</summary>
internal sealed class SliceValue(Value start, Value stop, Value step) : Value
{
    public override string TypeName => "slice";

    public override void WriteRepr(TextBuilder text)
    {
        text.Append("slice(");
        start.WriteRepr(text);
        text.Append(", ");
        stop.WriteRepr(text);
        text.Append(", ");
        step.WriteRepr(text);
        text.Append(')');
    }

    public override int Hash() => throw PythonError.TypeError("unhashable type: 'slice'");

    /// <summary>First index, stride and number of items for a sequence of <paramref name="length"/> items.</summary>
    public (int Start, int Step, int Count) Resolve(int length)
    {
        var stride = Bound(step) ?? 1;
        if (stride.IsZero)
        {
            throw PythonError.ValueError("slice step cannot be zero");
        }

        var backwards = stride.Sign < 0;
        BigInteger low = backwards ? -1 : 0;
        BigInteger high = backwards ? length - 1 : length;
        var first = Bound(start) is { } from ? Clamp(from, length, low, high) : backwards ? high : low;
        var last = Bound(stop) is { } to ? Clamp(to, length, low, high) : backwards ? low : high;
        var distance = backwards ? first - last : last - first;
        if (distance.Sign <= 0)
        {
            return (0, 1, 0);
        }

        var count = (distance - 1) / BigInteger.Abs(stride) + 1;
        return ((int)first, count == 1 ? 1 : (int)stride, (int)count);
    }

    private static BigInteger Clamp(BigInteger index, int length, BigInteger low, BigInteger high) =>
        BigInteger.Max(low, BigInteger.Min(high, index.Sign < 0 ? index + length : index));

    private static BigInteger? Bound(Value value) => value switch
    {
        NoneValue => null,
        _ when Numbers.TryBigInteger(value, out var number) => number,
        _ => throw PythonError.TypeError("slice indices must be integers or None or have an __index__ method"),
    };
}
