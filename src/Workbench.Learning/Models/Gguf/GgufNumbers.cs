using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Models.Gguf;

/// <summary>Numbers of weights from the types of safetensors to those of GGUF.</summary>
public static class GgufNumbers
{
    /// <summary>Reads little-endian numbers as float32; float64 is rounded, the others are exact.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, TensorType type, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                TensorType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) << 16),
                TensorType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                TensorType.F64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no float type"),
            };
        }
    }

    /// <summary>Writes numbers in a GGUF type, rounding to the nearest, ties to even; Q8_0 as <see cref="EncodeQ8"/>.</summary>
    /// <param name="values">Finite, and for F16 within its range; a whole number of blocks.</param>
    /// <param name="type">Type to write.</param>
    /// <param name="bytes">Room for the blocks.</param>
    public static void Encode(ReadOnlySpan<float> values, GgufType type, Span<byte> bytes)
    {
        if (type == GgufType.Q8)
        {
            EncodeQ8(values, bytes);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            switch (type)
            {
                case GgufType.F32: BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], values[i]); break;
                case GgufType.F16: BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)values[i]); break;
                default: BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], BFloat16(values[i])); break;
            }
        }
    }

    /// <summary>
    /// ggml's Q8_0 (<c>quantize_row_q8_0_ref</c>): for 32 numbers x the scale d = max|x| / 127 as float16, then round(x / d), halves
    /// away from zero, divided by the scale before that was rounded to float16.
    /// </summary>
    private static void EncodeQ8(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (; values.Length > 0; values = values[32..], bytes = bytes[34..])
        {
            var block = values[..32];
            var largest = 0f;
            foreach (var value in block)
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            var scale = largest / 127f;
            var inverse = scale > 0 ? 1f / scale : 0f;
            BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)scale);
            var quantised = MemoryMarshal.Cast<byte, sbyte>(bytes[2..34]);
            for (var i = 0; i < 32; i++)
            {
                quantised[i] = (sbyte)MathF.Round(block[i] * inverse, MidpointRounding.AwayFromZero);
            }
        }
    }

    private static ushort BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
