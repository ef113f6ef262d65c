using System.Security.Cryptography;
using System.Text;
using System.Buffers.Binary;
using Workbench.Data.Formats;

namespace Workbench.Data.Sampling;

/// <summary>A random number for a row that depends on its content and a seed alone: its place, the other rows and the spelling of its JSON do not move it.</summary>
public static class RowOrder
{
    /// <summary>Uniform over all 64-bit numbers. Equal rows get equal numbers.</summary>
    public static ulong Of(Row row, string seed) => Of(RowJson.Bytes(row.Json), seed);

    /// <summary>The same for any bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, string seed)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(seed + "\n"));
        sha.AppendData(bytes);
        sha.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>A number of <see cref="Of(Row, string)"/> as one from 0 up to 1.</summary>
    public static double Fraction(ulong order) => (order >> 11) * (1.0 / (1ul << 53));
}
