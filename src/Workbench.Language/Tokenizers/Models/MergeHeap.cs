namespace Workbench.Language.Tokenizers.Models;

/// <summary>A binary heap of candidate merges, lowest rank first, leftmost first among equals.</summary>
internal sealed class MergeHeap
{
    private (ulong Key, int Merged)[] _items = new (ulong, int)[64];
    private int _count;

    public void Clear() => _count = 0;

    public void Trim() => _items = new (ulong, int)[64];

    public void Push(int rank, int position, int merged)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, checked(_count * 2));
        }

        var item = (Key: ((ulong)(uint)rank << 32) | (uint)position, merged);
        var i = _count++;
        while (i > 0)
        {
            var parent = (i - 1) >> 1;
            if (_items[parent].Key <= item.Key)
            {
                break;
            }

            _items[i] = _items[parent];
            i = parent;
        }

        _items[i] = item;
    }

    public bool TryPop(out int position, out int merged)
    {
        if (_count == 0)
        {
            (position, merged) = (0, 0);
            return false;
        }

        position = (int)(uint)_items[0].Key;
        merged = _items[0].Merged;
        var last = _items[--_count];
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _items[child + 1].Key < _items[child].Key)
            {
                child++;
            }

            if (_items[child].Key >= last.Key)
            {
                break;
            }

            _items[i] = _items[child];
            i = child;
        }

        _items[i] = last;
        return true;
    }
}
