using System.Numerics;
using System.Runtime.InteropServices;

namespace Workbench.Data.Deduplication;

/// <summary>
/// MinHash signatures (Broder 1997) cut into bands (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4): two sets of Jaccard
/// similarity s share a band with probability 1 - (1 - s^r)^b. With b = 20 and r = 5 that is 0.9996 at s = 0.8, and 0.05 at s = 0.3.
/// </summary>
internal static class MinHash
{
    public const int Bands = 20;
    public const int RowsPerBand = 5;
    private const int Hashes = 104; // Bands * RowsPerBand, filled up to whole vectors

    private static readonly uint[] Multipliers = Constants(0x5DEECE66u, odd: true);
    private static readonly uint[] Offsets = Constants(0xB5297A4Du, odd: false);

    /// <summary>A hash for each band.</summary>
    /// <param name="shingles">Well-mixed 32-bit hashes; multiplying by an odd number and adding permutes them.</param>
    /// <param name="bands">Receives <see cref="Bands"/> values.</param>
    public static void Signature(ReadOnlySpan<uint> shingles, Span<uint> bands)
    {
        Span<uint> minima = stackalloc uint[Hashes];
        var multipliers = MemoryMarshal.Cast<uint, Vector<uint>>(Multipliers.AsSpan());
        var offsets = MemoryMarshal.Cast<uint, Vector<uint>>(Offsets.AsSpan());
        var vectors = MemoryMarshal.Cast<uint, Vector<uint>>(minima);
        for (var i = 0; i < vectors.Length; i++)
        {
            var (multiplier, offset) = (multipliers[i], offsets[i]);
            var least = new Vector<uint>(uint.MaxValue);
            foreach (var shingle in shingles)
            {
                least = Vector.Min(least, (multiplier * shingle) + offset);
            }

            vectors[i] = least;
        }

        for (var band = 0; band < Bands; band++)
        {
            var hash = 2166136261u;
            for (var row = 0; row < RowsPerBand; row++)
            {
                hash = Filters.Words.Mix(hash ^ minima[(band * RowsPerBand) + row]);
            }

            bands[band] = hash;
        }
    }

    /// <summary>Fixed constants: the same rows give the same result on every machine.</summary>
    private static uint[] Constants(uint seed, bool odd)
    {
        var values = new uint[Hashes];
        for (var i = 0; i < values.Length; i++)
        {
            seed = Filters.Words.Mix(seed + 0x9E3779B9u);
            values[i] = odd ? seed | 1 : seed;
        }

        return values;
    }
}
