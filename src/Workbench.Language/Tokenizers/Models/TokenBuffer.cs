namespace Workbench.Language.Tokenizers.Models;

/// <summary>Grows with the tokens of one text: ids, and the stretch of the original (UTF-16) behind each.</summary>
internal sealed class TokenBuffer
{
    private int[] _ids = new int[256];
    private (int Start, int End)[] _offsets = new (int, int)[256];

    public int Count { get; private set; }

    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
        {
            Grow(Count + 1);
        }

        _ids[Count] = id;
        _offsets[Count++] = (start, end);
    }

    /// <summary>Too large to keep for the next text.</summary>
    public bool IsLarge => _ids.Length > 1 << 18;

    public void Clear() => Count = 0;

    public int[] Ids() => _ids[..Count];

    public (int Start, int End)[] Offsets() => _offsets[..Count];

    private void Grow(int needed)
    {
        var capacity = Math.Max(needed, checked(_ids.Length * 2));
        Array.Resize(ref _ids, capacity);
        Array.Resize(ref _offsets, capacity);
    }
}
