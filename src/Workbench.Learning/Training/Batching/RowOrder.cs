namespace Workbench.Learning.Training.Batching;

/// <summary>
/// The order in which rows are trained: the file's, or a new permutation each epoch. A permutation depends on seed and epoch
/// alone, so that a resumed run needs to know nothing but how many rows were taken. Windows continue across the end of an
/// epoch (transformers ends each epoch with a smaller one); only the last window of a run may be smaller.
/// </summary>
public sealed class RowOrder
{
    private readonly int _count;
    private readonly bool _shuffle;
    private readonly ulong _seed;
    private long _epoch = -1;
    private int[] _order = [];

    public RowOrder(int count, bool shuffle, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_count, _shuffle, _seed) = (count, shuffle, (ulong)seed);
    }

    /// <summary>Index of the row that is taken as number <paramref name="position"/>, from 0, counted over all epochs.</summary>
    public int At(long position)
    {
        if (!_shuffle)
        {
            return (int)(position % _count);
        }

        if (position / _count != _epoch)
        {
            _epoch = position / _count;
            _order = Permutation(_count, new SplitMix64(_seed ^ ((ulong)_epoch * 0xD1342543DE82EF95)));
        }

        return _order[position % _count];
    }

    /// <summary>Fisher and Yates's shuffle.</summary>
    private static int[] Permutation(int count, SplitMix64 random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)random.Below((ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
