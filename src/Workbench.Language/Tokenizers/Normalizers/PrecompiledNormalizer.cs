using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary>
/// <c>Precompiled</c>: sentencepiece's character map, a double-array trie over UTF-8 whose values point into a list of
/// replacements. It is asked for a whole grapheme first and then for each character of it.
/// </summary>
internal sealed class PrecompiledNormalizer : Normalizer
{
    private const int MaxGraphemeBytes = 6;

    private readonly uint[] _trie;
    private readonly byte[] _replacements;

    /// <exception cref="FormatException">The map is cut short.</exception>
    public PrecompiledNormalizer(byte[] map)
    {
        if (map.Length < 4)
        {
            throw new FormatException("the character map holds no trie");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size > map.Length - 4)
        {
            throw new FormatException("the character map ends inside its trie");
        }

        _trie = new uint[size / 4];
        for (var i = 0; i < _trie.Length; i++)
        {
            _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan(4 + (i * 4)));
        }

        _replacements = map[(4 + (int)size)..];
    }

    public override Slice Normalize(in Slice text)
    {
        var output = new Changes(text);
        var changed = false;
        var span = text.Span;
        Span<byte> utf8 = stackalloc byte[MaxGraphemeBytes];
        for (int at = 0, length; at < span.Length; at += length)
        {
            length = StringInfo.GetNextTextElementLength(span[at..]);
            var grapheme = span.Slice(at, length);
            if (Encoding.UTF8.GetByteCount(grapheme) < MaxGraphemeBytes
                && Lookup(utf8[..Encoding.UTF8.GetBytes(grapheme, utf8)]) is { } whole)
            {
                changed = true;
                Write(ref output, grapheme, whole);
                continue;
            }

            for (int i = 0, units; i < length; i += units)
            {
                units = CodePoints.LengthAt(grapheme, i);
                var character = grapheme.Slice(i, units);
                if (Lookup(utf8[..Encoding.UTF8.GetBytes(character, utf8)]) is { } part)
                {
                    changed = true;
                    Write(ref output, character, part);
                }
                else
                {
                    output.Add(CodePoints.At(character, 0), 0);
                }
            }
        }

        var result = output.Finish();
        return changed ? result : text;
    }

    /// <summary>As many characters replace as were there; surplus ones are inserted, missing ones removed with the last.</summary>
    private static void Write(ref Changes output, ReadOnlySpan<char> old, string replacement)
    {
        var oldCount = Count(old);
        var newCount = Count(replacement);
        for (int i = 0, n = 0; i < replacement.Length; i += CodePoints.LengthAt(replacement, i), n++)
        {
            output.Add(CodePoints.At(replacement, i), n >= oldCount ? 1 : 0);
        }

        if (newCount < oldCount)
        {
            output.Remove(oldCount - newCount);
        }
    }

    private static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            count++;
        }

        return count;
    }

    /// <summary>The replacement for the shortest prefix of <paramref name="key"/> that the trie knows.</summary>
    private string? Lookup(ReadOnlySpan<byte> key)
    {
        if (_trie.Length == 0)
        {
            return null;
        }

        // Unit layout of darts-clone: bit 8 "has a value", bits 0-7 and 31 the label, bits 10-30 the offset, bit 9 its scale.
        var position = Offset(_trie[0]);
        foreach (var b in key)
        {
            if (b == 0)
            {
                return null;
            }

            position ^= b;
            if (position >= (uint)_trie.Length)
            {
                return null;
            }

            var unit = _trie[position];
            if ((unit & 0x800000FF) != b)
            {
                return null;
            }

            position ^= Offset(unit);
            if ((unit >> 8 & 1) == 1)
            {
                var value = (int)(_trie[Math.Min(position, (uint)_trie.Length - 1)] & 0x7FFFFFFF);
                if (value >= _replacements.Length)
                {
                    return null;
                }

                var end = _replacements.AsSpan(value).IndexOf((byte)0);
                return Encoding.UTF8.GetString(_replacements.AsSpan(value, end < 0 ? _replacements.Length - value : end));
            }
        }

        return null;

        static uint Offset(uint unit) => unit >> 10 << (int)((unit & (1 << 9)) >> 6);
    }

    /// <summary>
    /// Characters with their changes in the sense of <see cref="AlignedTextBuilder.Apply"/>. A removal counts with the character
    /// written last, even one that was inserted, and is forgotten where there is none: Hugging Face's offsets are made so.
    /// </summary>
    private ref struct Changes(in Slice text)
    {
        private AlignedTextBuilder _builder = new(text);
        private (int CodePoint, int Change)? _last;

        public void Add(int codePoint, int change)
        {
            Write();
            _last = (codePoint, change);
        }

        public void Remove(int count)
        {
            if (_last is { } last)
            {
                _last = (last.CodePoint, last.Change - count);
            }
        }

        public Slice Finish()
        {
            Write();
            return _builder.Finish();
        }

        private void Write()
        {
            if (_last is { } last)
            {
                _builder.Apply(last.CodePoint, last.Change);
            }
        }
    }
}
