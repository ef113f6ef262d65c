using System.Numerics;
using System.Runtime.CompilerServices;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>
/// BPE's merges: a pair of ids to its rank and the id it becomes. Open addressing over flat arrays, because this lookup
/// is nearly all of what BPE does.
/// </summary>
internal sealed class MergeTable
{
    public const int NoRank = int.MaxValue;

    private const ulong Empty = ulong.MaxValue;

    private readonly Slot[] _slots;
    private readonly int _shift;

    public MergeTable(int count)
    {
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count * 2));
        _shift = 64 - BitOperations.Log2((uint)capacity);
        _slots = new Slot[capacity];
        Array.Fill(_slots, new Slot { Key = Empty });
    }

    private struct Slot
    {
        public ulong Key;
        public int Rank;
        public int Merged;
    }

    /// <summary>A pair that stands there twice keeps its last rank, as with Hugging Face.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        var key = Key(left, right);
        var i = Home(key);
        while (_slots[i].Key != Empty && _slots[i].Key != key)
        {
            i = (i + 1) & (_slots.Length - 1);
        }

        _slots[i] = new Slot { Key = key, Rank = rank, Merged = merged };
    }

    /// <returns>The rank, <see cref="NoRank"/> where the two do not merge.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right, out int merged)
    {
        var key = Key(left, right);
        var slots = _slots;
        for (var i = Home(key); ; i = (i + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[i];
            if (slot.Key == key)
            {
                merged = slot.Merged;
                return slot.Rank;
            }

            if (slot.Key == Empty)
            {
                merged = -1;
                return NoRank;
            }
        }
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    // Fibonacci hashing: the high bits of the product are well mixed.
    private int Home(ulong key) => (int)((key * 0x9E3779B97F4A7C15UL) >> _shift);
}
