using Workbench.Language.Tokenizers.PostProcessors;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>Grows with the tokens of one text: ids, and the stretch of the original (UTF-16) behind each.</summary>
internal sealed class TokenBuffer
{
    private int[] _ids = new int[256];
    private (int Start, int End)[] _offsets = new (int, int)[256];

    private readonly List<FoundToken> _found = [];

    public int Count { get; private set; }

    /// <summary>When to stop; null: at the end of the text.</summary>
    public EarlyExit? Exit { get; set; }

    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
        {
            Grow(Count + 1);
        }

        _ids[Count] = id;
        _offsets[Count++] = (start, end);
    }

    /// <summary>Appends an added token that was cut out of the text.</summary>
    public void AddFound(int id, in Slice match)
    {
        _found.Add(new FoundToken(Count, SpaceAround.Of(match.Span)));
        Add(id, match.OriginalStart(0), match.OriginalEnd(match.Length - 1));
    }

    /// <summary>Too large to keep for the next text.</summary>
    public bool IsLarge => _ids.Length > 1 << 18;

    public void Clear()
    {
        Count = 0;
        Exit = null;
        _found.Clear();
    }

    /// <summary>A copy of what was gathered.</summary>
    public EncodingPart ToPart(int sequence) =>
        new(_ids[..Count], _offsets[..Count], sequence, sequence) { Found = _found.Count == 0 ? [] : [.. _found] };

    private void Grow(int needed)
    {
        var capacity = Math.Max(needed, checked(_ids.Length * 2));
        Array.Resize(ref _ids, capacity);
        Array.Resize(ref _offsets, capacity);
    }
}
