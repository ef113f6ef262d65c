using System.Security.Cryptography;
using System.Text;
using System.Buffers.Binary;
using Workbench.Data.Formats;

namespace Workbench.Data.Sampling;

/// <summary>A random number for a row that depends on its content and a seed alone: neither its place nor what other rows there are moves it.</summary>
public static class RowOrder
{
    /// <summary>Uniform over all 64-bit numbers. Equal rows get equal numbers.</summary>
    public static ulong Of(Row row, string seed)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{row.Json.GetRawText()}"), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>The same as a number from 0 up to 1.</summary>
    public static double Fraction(Row row, string seed) => (Of(row, seed) >> 11) * (1.0 / (1ul << 53));
}
