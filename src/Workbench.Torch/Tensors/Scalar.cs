using Workbench.Torch.Interop;

namespace TorchSharp;

/// <summary>
/// One number of any kind. libtorch's own scalar is a value, and so is ours: there is nothing native to release, and
/// <see cref="Dispose"/> is there because TorchSharp's has it.
/// </summary>
public sealed class Scalar : IDisposable
{
    internal ScalarValue value;

    internal Scalar(ScalarValue value, torch.ScalarType type)
    {
        this.value = value;
        Type = type;
    }

    /// <summary>The widest element type of the number's kind: 64-bit integer, 64-bit floating point, or truth value.</summary>
    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => value.ToScalar();
    public static implicit operator Scalar(sbyte value) => value.ToScalar();
    public static implicit operator Scalar(short value) => value.ToScalar();
    public static implicit operator Scalar(int value) => value.ToScalar();
    public static implicit operator Scalar(long value) => value.ToScalar();
    public static implicit operator Scalar(Half value) => value.ToScalar();
    public static implicit operator Scalar(float value) => value.ToScalar();
    public static implicit operator Scalar(double value) => value.ToScalar();
    public static implicit operator Scalar(bool value) => value.ToScalar();

    public void Dispose()
    {
    }
}

/// <summary>Numbers to scalars and back.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => ((long)value).ToScalar();
    public static Scalar ToScalar(this sbyte value) => ((long)value).ToScalar();
    public static Scalar ToScalar(this short value) => ((long)value).ToScalar();
    public static Scalar ToScalar(this int value) => ((long)value).ToScalar();
    public static Scalar ToScalar(this long value) => new(ScalarValue.Of(value), torch.ScalarType.Int64);
    public static Scalar ToScalar(this Half value) => ((double)value).ToScalar();
    public static Scalar ToScalar(this float value) => ((double)value).ToScalar();
    public static Scalar ToScalar(this double value) => new(ScalarValue.Of(value), torch.ScalarType.Float64);
    public static Scalar ToScalar(this bool value) => new(ScalarValue.Of(value), torch.ScalarType.Bool);

    public static float ToSingle(this Scalar value) => (float)value.ToDouble();
    public static double ToDouble(this Scalar value) => value.value.Real;
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.ToInt64();
    public static byte ToByte(this Scalar value) => (byte)value.ToInt64();
    public static short ToInt16(this Scalar value) => (short)value.ToInt64();
    public static int ToInt32(this Scalar value) => (int)value.ToInt64();
    public static long ToInt64(this Scalar value) => value.value.Kind == 1 ? (long)value.value.Real : value.value.Integer;
    public static bool ToBoolean(this Scalar value) => value.value.Kind == 1 ? value.value.Real != 0 : value.value.Integer != 0;
}
