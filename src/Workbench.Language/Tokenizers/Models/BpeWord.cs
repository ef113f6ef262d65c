namespace Workbench.Language.Tokenizers.Models;

/// <summary>
/// One word on its way through BPE: its symbols, each with the stretch of the word that it covers (UTF-16, whole
/// characters). Lives once per thread and is refilled.
/// </summary>
internal sealed class BpeWord
{
    // Up to here scanning for the lowest rank beats a heap.
    private const int ScanLimit = 40;

    private int[] _ranks = new int[64];
    private int[] _merged = new int[64];
    private int[] _previous = [];
    private int[] _next = [];
    private readonly MergeHeap _heap = new();

    public int[] Ids = new int[64];
    public int[] Starts = new int[64];
    public int[] Ends = new int[64];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Add(int id, int start, int end)
    {
        if (Count == Ids.Length)
        {
            var capacity = checked(Count * 2);
            Array.Resize(ref Ids, capacity);
            Array.Resize(ref Starts, capacity);
            Array.Resize(ref Ends, capacity);
        }

        Ids[Count] = id;
        Starts[Count] = start;
        Ends[Count++] = end;
    }

    /// <summary>Lets go of what one huge word made the buffers grow to.</summary>
    public void Trim()
    {
        if (Ids.Length > 1 << 16)
        {
            Ids = new int[64];
            Starts = new int[64];
            Ends = new int[64];
            _previous = [];
            _next = [];
            _heap.Trim();
        }
    }

    /// <summary>Merges by rank, the leftmost first where ranks tie (Sennrich et al. 2016).</summary>
    public void Merge(MergeTable merges)
    {
        if (Count <= ScanLimit)
        {
            MergeByScan(merges);
        }
        else
        {
            MergeByHeap(merges);
        }
    }

    private void MergeByScan(MergeTable merges)
    {
        var (ids, starts, ends, ranks, merged) = (Ids, Starts, Ends, _ranks, _merged);
        var count = Count;
        for (var i = 0; i + 1 < count; i++)
        {
            ranks[i] = merges.Find(ids[i], ids[i + 1], out merged[i]);
        }

        while (count > 1)
        {
            var (best, at) = (MergeTable.NoRank, -1);
            for (var i = 0; i < count - 1; i++)
            {
                if (ranks[i] < best)
                {
                    (best, at) = (ranks[i], i);
                }
            }

            if (at < 0)
            {
                break;
            }

            ids[at] = merged[at];
            ends[at] = ends[at + 1];
            count--;
            for (var i = at + 1; i < count; i++)
            {
                ids[i] = ids[i + 1];
                starts[i] = starts[i + 1];
                ends[i] = ends[i + 1];
                ranks[i] = ranks[i + 1];
                merged[i] = merged[i + 1];
            }

            if (at + 1 < count)
            {
                ranks[at] = merges.Find(ids[at], ids[at + 1], out merged[at]);
            }

            if (at > 0)
            {
                ranks[at - 1] = merges.Find(ids[at - 1], ids[at], out merged[at - 1]);
            }
        }

        Count = count;
    }

    /// <summary>O(n log n): a linked list of symbols and a heap of candidate pairs, stale ones skipped when they surface.</summary>
    private void MergeByHeap(MergeTable merges)
    {
        var count = Count;
        if (_next.Length < count)
        {
            _next = new int[Ids.Length];
            _previous = new int[Ids.Length];
        }

        var (ids, next, previous) = (Ids, _next, _previous);
        _heap.Clear();
        for (var i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1 < count ? i + 1 : -1;
            Offer(i, next[i]);
        }

        while (_heap.TryPop(out var at, out var expected))
        {
            var right = next[at];
            if (ids[at] < 0 || right < 0 || merges.Find(ids[at], ids[right], out var merged) == MergeTable.NoRank || merged != expected)
            {
                continue;
            }

            ids[at] = merged;
            Ends[at] = Ends[right];
            ids[right] = -1;
            next[at] = next[right];
            if (next[at] >= 0)
            {
                previous[next[at]] = at;
            }

            Offer(previous[at], at);
            Offer(at, next[at]);
        }

        var write = 0;
        for (var i = 0; i >= 0; i = next[i])
        {
            (Ids[write], Starts[write], Ends[write]) = (Ids[i], Starts[i], Ends[i]);
            write++;
        }

        Count = write;

        void Offer(int left, int right)
        {
            if (left >= 0 && right >= 0)
            {
                var rank = merges.Find(ids[left], ids[right], out var merged);
                if (rank != MergeTable.NoRank)
                {
                    _heap.Push(rank, left, merged);
                }
            }
        }
    }
}
