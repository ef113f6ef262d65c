using System.Buffers;

namespace Workbench.Language.Tokenizers.Text;

/// <summary>
/// Writes a transformed slice character by character. Each character says how it relates to the characters read, in
/// the terms of Hugging Face's <c>NormalizedString::transform</c>, because its offsets are the contract: a character
/// that replaces takes the place of the one it replaces, an inserted one that of the character read just before it.
/// </summary>
internal ref struct AlignedTextBuilder
{
    private readonly Slice _source;
    private readonly ReadOnlySpan<char> _span;
    private char[] _text;
    private int[] _starts;
    private int[] _ends;
    private int _length;
    private int _read;

    public AlignedTextBuilder(in Slice source)
    {
        _source = source;
        _span = source.Span;
        var capacity = source.Length + (source.Length >> 2) + 16;
        _text = ArrayPool<char>.Shared.Rent(capacity);
        _starts = ArrayPool<int>.Shared.Rent(capacity);
        _ends = ArrayPool<int>.Shared.Rent(capacity);
    }

    /// <summary>Passes over <paramref name="count"/> characters of the source without writing.</summary>
    public void Skip(int count)
    {
        for (; count > 0 && _read < _span.Length; count--)
        {
            _read += CodePoints.LengthAt(_span, _read);
        }
    }

    /// <summary>Passes over the source up to <paramref name="index"/> (relative to the slice) without writing.</summary>
    public void SkipTo(int index) => _read = Math.Max(_read, index);

    /// <summary>Writes <paramref name="codePoint"/> for the next source character and drops <paramref name="removed"/> more.</summary>
    public void Replace(int codePoint, int removed = 0)
    {
        if (_read < _span.Length)
        {
            Write(codePoint, _source.OriginalStart(_read), OriginalEndOfCharacter(_read));
            _read += CodePoints.LengthAt(_span, _read);
        }
        else
        {
            Insert(codePoint);
        }

        Skip(removed);
    }

    /// <summary>Writes a character that the source does not have.</summary>
    public void Insert(int codePoint)
    {
        if (_read == 0)
        {
            // Nothing was read yet: the empty stretch at the slice's origin.
            Write(codePoint, _source.Origin, _source.Origin);
        }
        else
        {
            var previous = _read - 1;
            if (previous > 0 && char.IsLowSurrogate(_span[previous]))
            {
                previous--;
            }

            Write(codePoint, _source.OriginalStart(previous), OriginalEndOfCharacter(previous));
        }
    }

    /// <summary>Writes by the change number of <c>transform</c>: positive inserts, zero replaces, -n also removes n more.</summary>
    public void Apply(int codePoint, int change)
    {
        if (change > 0)
        {
            Insert(codePoint);
        }
        else
        {
            Replace(codePoint, -change);
        }
    }

    /// <summary>Copies the source unchanged up to <paramref name="index"/> (relative to the slice).</summary>
    public void CopyTo(int index)
    {
        while (_read < index)
        {
            Replace(CodePoints.At(_span, _read));
        }
    }

    public Slice Finish()
    {
        var text = new AlignedText(new string(_text, 0, _length), _starts[.._length], _ends[.._length]);
        ArrayPool<char>.Shared.Return(_text);
        ArrayPool<int>.Shared.Return(_starts);
        ArrayPool<int>.Shared.Return(_ends);
        return text.Whole(_source.Origin);
    }

    private readonly int OriginalEndOfCharacter(int index) =>
        _source.OriginalEnd(index + CodePoints.LengthAt(_span, index) - 1);

    private void Write(int codePoint, int start, int end)
    {
        if (_length + 2 > _text.Length)
        {
            Grow();
        }

        var units = 1;
        if (codePoint < 0x10000)
        {
            _text[_length] = (char)codePoint;
        }
        else
        {
            units = 2;
            _text[_length] = (char)(0xD800 + ((codePoint - 0x10000) >> 10));
            _text[_length + 1] = (char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF));
        }

        for (var i = 0; i < units; i++, _length++)
        {
            _starts[_length] = start;
            _ends[_length] = end;
        }
    }

    private void Grow()
    {
        var capacity = checked(_text.Length * 2);
        _text = Larger(_text, capacity);
        _starts = Larger(_starts, capacity);
        _ends = Larger(_ends, capacity);

        static T[] Larger<T>(T[] old, int capacity)
        {
            var larger = ArrayPool<T>.Shared.Rent(capacity);
            old.AsSpan().CopyTo(larger);
            ArrayPool<T>.Shared.Return(old);
            return larger;
        }
    }
}
