namespace Workbench.Data.Deduplication;

/// <summary>For each band, the kept rows by their band hash: an open hash table of row numbers, chained through arrays that grow.</summary>
internal sealed class BandIndex
{
    /// <summary>Candidates looked at in one chain: rows of one boilerplate must not make the search quadratic.</summary>
    private const int MaxChain = 64;

    private readonly int[][] heads = new int[MinHash.Bands][];
    private readonly int[][] next = new int[MinHash.Bands][];
    private readonly uint[][] hashes = new uint[MinHash.Bands][];
    private int count;
    private int mask = (1 << 12) - 1;

    public BandIndex()
    {
        for (var band = 0; band < MinHash.Bands; band++)
        {
            heads[band] = NewHeads();
            next[band] = new int[1 << 12];
            hashes[band] = new uint[1 << 12];
        }
    }

    /// <summary>Adds a kept row; returns its index, from 0.</summary>
    public int Add(ReadOnlySpan<uint> bands)
    {
        if (count > mask)
        {
            Grow();
        }

        for (var band = 0; band < MinHash.Bands; band++)
        {
            hashes[band][count] = bands[band];
            Link(band, count);
        }

        return count++;
    }

    /// <summary>Indices of rows that share a band, each once, in no order.</summary>
    public void Candidates(ReadOnlySpan<uint> bands, HashSet<int> found)
    {
        found.Clear();
        for (var band = 0; band < MinHash.Bands; band++)
        {
            var (table, chain) = (hashes[band], next[band]);
            var steps = 0;
            for (var row = heads[band][bands[band] & mask]; row >= 0 && steps < MaxChain; row = chain[row])
            {
                if (table[row] == bands[band])
                {
                    found.Add(row);
                    steps++;
                }
            }
        }
    }

    private int[] NewHeads()
    {
        var slots = new int[mask + 1];
        Array.Fill(slots, -1);
        return slots;
    }

    private void Link(int band, int row)
    {
        var slot = hashes[band][row] & mask;
        next[band][row] = heads[band][slot];
        heads[band][slot] = row;
    }

    private void Grow()
    {
        mask = (mask * 2) + 1;
        for (var band = 0; band < MinHash.Bands; band++)
        {
            Array.Resize(ref next[band], mask + 1);
            Array.Resize(ref hashes[band], mask + 1);
            heads[band] = NewHeads();
            for (var row = 0; row < count; row++)
            {
                Link(band, row);
            }
        }
    }
}
