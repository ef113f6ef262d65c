using System.Text;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>What a word is made of before any merge: characters, the bytes of those outside the vocabulary, or the unknown token.</summary>
internal sealed class BpeCharacters
{
    private readonly Vocabulary _vocabulary;
    private readonly BpeOptions _options;
    private readonly int[] _ids = new int[0x10000]; // by BMP character, -1 where it is no token
    private readonly int[]? _fallbackIds; // by byte: <0x00> … <0xFF>, -1 where missing
    private readonly byte[] _fallbackBytes = []; // those that have one

    public BpeCharacters(Vocabulary vocabulary, BpeOptions options)
    {
        (_vocabulary, _options) = (vocabulary, options);
        Array.Fill(_ids, -1);
        foreach (var (token, id) in vocabulary.Entries)
        {
            if (token.Length == 1)
            {
                _ids[token[0]] = id;
            }
        }

        if (options.ByteFallback)
        {
            _fallbackIds = [.. Enumerable.Range(0, 256).Select(b => vocabulary.IdOf($"<0x{b:X2}>") ?? -1)];
            _fallbackBytes = [.. Enumerable.Range(0, 256).Where(b => _fallbackIds[b] >= 0).Select(b => (byte)b)];
        }
    }

    /// <summary>Whether every character becomes some token.</summary>
    public bool DropsNothing => _options.ByteFallback ? _fallbackBytes.Length == 256 : _options.UnkToken is not null;

    /// <summary>The token that a character is by itself, or -1.</summary>
    public int IdOf(char character) => _ids[character];

    public void AddTo(BpeWord word, ReadOnlySpan<char> text)
    {
        if (!TryAdd(word, text))
        {
            word.Clear();
            AddByBytes(word, text);
        }
    }

    /// <returns>False where a character was dropped, its bytes overtook an unknown run, or affixes became bytes: positions then need care.</returns>
    private bool TryAdd(BpeWord word, ReadOnlySpan<char> text)
    {
        Span<byte> buffer = stackalloc byte[4];
        var unknown = (Start: -1, End: -1); // a run of unknown characters not yet written
        for (int i = 0, end; i < text.Length; i = end)
        {
            end = i + CodePoints.LengthAt(text, i);
            var id = CharacterId(text[i..end], i == 0, end == text.Length);
            if (id >= 0)
            {
                FlushUnknown(word, ref unknown);
                word.Add(id, i, end);
            }
            else if (_fallbackIds is not null && _options.HasAffixes)
            {
                return false;
            }
            else if (_fallbackIds is not null && Utf8(text[i..end], buffer) is var utf8 && !utf8.ContainsAnyExcept(_fallbackBytes))
            {
                if (unknown.Start >= 0)
                {
                    return false;
                }

                foreach (var b in utf8)
                {
                    word.Add(_fallbackIds[b], i, end);
                }
            }
            else if (_options.UnkToken is null)
            {
                return false;
            }
            else if (unknown.Start >= 0 && _options.FuseUnk)
            {
                unknown.End = end;
            }
            else
            {
                FlushUnknown(word, ref unknown);
                unknown = (i, end);
            }
        }

        FlushUnknown(word, ref unknown);
        return true;
    }

    /// <summary>
    /// The same where characters and tokens do not go hand in hand. Hugging Face counts positions by the bytes of the tokens
    /// written so far, so that a dropped character moves everything behind it; this does as it does. The bytes of an affix count
    /// too, and lead beyond the word's end, where Hugging Face's offsets mean nothing: those tokens stay with the last character.
    /// </summary>
    private void AddByBytes(BpeWord word, ReadOnlySpan<char> text)
    {
        var characterOfByte = new List<(int Start, int End)>(text.Length * 2);
        for (int i = 0, end; i < text.Length; i = end)
        {
            end = i + CodePoints.LengthAt(text, i);
            characterOfByte.AddRange(Enumerable.Repeat((i, end), CodePoints.Utf8Length(CodePoints.At(text, i))));
        }

        var cursor = 0;
        var unknownBytes = 0;
        for (int i = 0, end; i < text.Length; i = end)
        {
            end = i + CodePoints.LengthAt(text, i);
            var length = CodePoints.Utf8Length(CodePoints.At(text, i));
            var id = CharacterId(text[i..end], i == 0, end == text.Length);
            if (id >= 0)
            {
                Flush();
                Add(id, length);
            }
            else if (_fallbackIds is not null && Encoding.UTF8.GetBytes(Affixed(text[i..end], i == 0, end == text.Length)) is var bytes
                && !bytes.AsSpan().ContainsAnyExcept(_fallbackBytes))
            {
                foreach (var b in bytes)
                {
                    Add(_fallbackIds[b], 1);
                }
            }
            else if (_options.UnkToken is not null)
            {
                if (!_options.FuseUnk)
                {
                    Flush();
                }

                unknownBytes += length;
            }
        }

        Flush();

        void Add(int id, int length)
        {
            word.Add(id, CharacterAt(cursor).Start, CharacterAt(cursor + length - 1).End);
            cursor += length;
        }

        (int Start, int End) CharacterAt(int index) => characterOfByte[Math.Min(index, characterOfByte.Count - 1)];

        void Flush()
        {
            if (unknownBytes > 0)
            {
                Add(UnknownId(), unknownBytes);
                unknownBytes = 0;
            }
        }
    }

    private void FlushUnknown(BpeWord word, ref (int Start, int End) unknown)
    {
        if (unknown.Start < 0)
        {
            return;
        }

        word.Add(UnknownId(), unknown.Start, unknown.End);
        unknown = (-1, -1);
    }

    private int UnknownId() => _vocabulary.IdOf(_options.UnkToken) ?? throw TokenizerException.At(
        "model.unk_token", $"\"{_options.UnkToken}\" is needed for text outside the vocabulary, but is no token itself. Add it to the vocabulary.");

    private int CharacterId(ReadOnlySpan<char> character, bool first, bool last)
    {
        if (_options.HasAffixes)
        {
            return _vocabulary.IdOf(Affixed(character, first, last)) ?? -1;
        }

        if (character.Length == 1)
        {
            return _ids[character[0]];
        }

        return _vocabulary.TryGetId(character, out var id) ? id : -1;
    }

    private string Affixed(ReadOnlySpan<char> character, bool first, bool last) =>
        $"{(first ? "" : _options.ContinuingSubwordPrefix)}{character}{(last ? _options.EndOfWordSuffix : "")}";

    private static ReadOnlySpan<byte> Utf8(ReadOnlySpan<char> character, Span<byte> buffer) => buffer[..Encoding.UTF8.GetBytes(character, buffer)];
}
