using System.Text;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Models;

/// <summary>What a BPE model can be told besides its vocabulary and merges; names as in tokenizer.json.</summary>
internal sealed record BpeOptions
{
    public string? UnkToken { get; init; }

    public bool FuseUnk { get; init; }

    public bool ByteFallback { get; init; }

    public bool IgnoreMerges { get; init; }

    public string ContinuingSubwordPrefix { get; init; } = "";

    public string EndOfWordSuffix { get; init; } = "";
}

/// <summary>Byte-pair encoding (Sennrich et al. 2016), over characters or, for byte-level tokenizers, over UTF-8.</summary>
internal sealed class BpeModel : TokenModel
{
    private const char SpaceMark = '▁';

    private readonly BpeOptions _options;
    private readonly MergeTable _merges;
    private readonly int[] _characterIds; // by BMP character, -1 where it is no token
    private readonly int[]? _fallbackIds; // by byte: <0x00> … <0xFF>, -1 where missing
    private readonly byte[] _fallbackBytes = []; // those that have one
    private readonly int[]? _byteIds; // by byte, in byte-level mode
    private readonly bool _splitsAtSpaceMark;
    private readonly WordCache _cache = new();

    [ThreadStatic]
    private static BpeWord? Scratch;

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        Vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _characterIds = new int[0x10000];
        Array.Fill(_characterIds, -1);
        foreach (var (token, id) in vocabulary.Entries)
        {
            if (token.Length == 1)
            {
                _characterIds[token[0]] = id;
            }
        }

        if (options.ByteFallback)
        {
            _fallbackIds = [.. Enumerable.Range(0, 256).Select(b => vocabulary.IdOf($"<0x{b:X2}>") ?? -1)];
            _fallbackBytes = [.. Enumerable.Range(0, 256).Where(b => _fallbackIds[b] >= 0).Select(b => (byte)b)];
        }

        // A dropped character would move the positions of everything behind it, beyond the word's end.
        var dropsNothing = options.ByteFallback ? _fallbackBytes.Length == 256 : options.UnkToken is not null;
        _splitsAtSpaceMark = dropsNothing && !options.IgnoreMerges && !HasAffixes && _characterIds[SpaceMark] >= 0 && NothingCrossesSpaceMark(vocabulary);
    }

    private BpeModel(BpeModel other, int[] byteIds)
        : this(other.Vocabulary, other._merges, other._options) => _byteIds = byteIds;

    public override Vocabulary Vocabulary { get; }

    private bool HasAffixes => _options.ContinuingSubwordPrefix.Length > 0 || _options.EndOfWordSuffix.Length > 0;

    /// <summary>The same model reading UTF-8 directly instead of byte characters; null where its vocabulary has not all bytes.</summary>
    public BpeModel? ForBytes()
    {
        var byteIds = new int[256];
        for (var b = 0; b < 256; b++)
        {
            byteIds[b] = _characterIds[ByteAlphabet.ToCharacter((byte)b)];
        }

        return HasAffixes || byteIds.Contains(-1) ? null : new BpeModel(this, byteIds);
    }

    public override void Tokenize(in Slice piece, TokenBuffer output)
    {
        if (!_splitsAtSpaceMark || _byteIds is not null)
        {
            TokenizeWord(piece, output);
            return;
        }

        // Where no token holds a space mark behind another character, no merge can cross that place: the words are
        // independent, small and worth caching, although the tokenizer hands over a whole document as one piece.
        var span = piece.Span;
        var from = 0;
        while (from < span.Length)
        {
            var to = from;
            while (to < span.Length && span[to] == SpaceMark)
            {
                to++;
            }

            var mark = span[to..].IndexOf(SpaceMark);
            to = mark < 0 ? span.Length : to + mark;
            TokenizeWord(new Slice(piece.Source, piece.Start + from, to - from, piece.Origin), output);
            from = to;
        }
    }

    private void TokenizeWord(in Slice piece, TokenBuffer output)
    {
        var span = piece.Span;
        if (span.Length > WordCache.MaxLength)
        {
            var longWord = Encode(span);
            for (var i = 0; i < longWord.Count; i++)
            {
                output.Add(longWord.Ids[i], piece.OriginalStart(longWord.Starts[i]), piece.OriginalEnd(longWord.Ends[i] - 1));
            }

            longWord.Trim();
            return;
        }

        var hash = WordCache.Hash(span);
        var entry = _cache.Find(span, hash);
        if (entry is null)
        {
            var word = Encode(span);
            entry = new WordCache.Entry(
                span.ToString(),
                word.Ids[..word.Count],
                Array.ConvertAll(word.Starts[..word.Count], s => (byte)s),
                Array.ConvertAll(word.Ends[..word.Count], e => (byte)e));
            _cache.Keep(entry, hash);
        }

        var ids = entry.Ids;
        if (piece.Source.Starts is null)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                output.Add(ids[i], piece.Start + entry.Starts[i], piece.Start + entry.Ends[i]);
            }
        }
        else
        {
            for (var i = 0; i < ids.Length; i++)
            {
                output.Add(ids[i], piece.OriginalStart(entry.Starts[i]), piece.OriginalEnd(entry.Ends[i] - 1));
            }
        }
    }

    private BpeWord Encode(ReadOnlySpan<char> text)
    {
        var word = Scratch ??= new BpeWord();
        word.Clear();
        if (_options.IgnoreMerges && WholeToken(text) is >= 0 and var whole)
        {
            word.Add(whole, 0, text.Length);
            return word;
        }

        if (_byteIds is not null)
        {
            AddBytes(word, text, _byteIds);
        }
        else
        {
            AddCharacters(word, text);
        }

        word.Merge(_merges);
        return word;
    }

    /// <summary>The token that the whole text is, or -1.</summary>
    private int WholeToken(ReadOnlySpan<char> text)
    {
        if (_byteIds is null)
        {
            return Vocabulary.TryGetId(text, out var id) ? id : -1;
        }

        const int Longest = 512;
        if (text.Length * 3 > Longest)
        {
            return WholeToken(text, new byte[text.Length * 3]);
        }

        return WholeToken(text, stackalloc byte[Longest]);
    }

    private int WholeToken(ReadOnlySpan<char> text, Span<byte> utf8)
    {
        var length = Encoding.UTF8.GetBytes(text, utf8);
        Span<char> characters = length <= 512 ? stackalloc char[length] : new char[length];
        for (var i = 0; i < length; i++)
        {
            characters[i] = ByteAlphabet.ToCharacter(utf8[i]);
        }

        return Vocabulary.TryGetId(characters, out var id) ? id : -1;
    }

    private static void AddBytes(BpeWord word, ReadOnlySpan<char> text, int[] byteIds)
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (int i = 0, units; i < text.Length; i += units)
        {
            units = 1;
            if (text[i] < 0x80)
            {
                word.Add(byteIds[text[i]], i, i + 1);
                continue;
            }

            units = CodePoints.LengthAt(text, i);
            var count = new Rune(CodePoints.At(text, i)).EncodeToUtf8(utf8);
            for (var b = 0; b < count; b++)
            {
                word.Add(byteIds[utf8[b]], i, i + units);
            }
        }
    }

    private void AddCharacters(BpeWord word, ReadOnlySpan<char> text)
    {
        if (!TryAddCharacters(word, text))
        {
            word.Clear();
            AddCharactersWithGaps(word, text);
        }
    }

    /// <returns>False where a character was dropped or bytes overtook an unknown run: positions then need care.</returns>
    private bool TryAddCharacters(BpeWord word, ReadOnlySpan<char> text)
    {
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
            else if (AddFallbackBytes(word, text[i..end], i, end))
            {
                if (unknown.Start >= 0)
                {
                    return false;
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
    /// The same for words with characters that no token covers. Hugging Face counts positions by the bytes of the tokens
    /// written so far, so that a dropped character moves everything behind it; this does as it does.
    /// </summary>
    private void AddCharactersWithGaps(BpeWord word, ReadOnlySpan<char> text)
    {
        var characterOfByte = new List<(int Start, int End)>(text.Length * 2);
        for (int i = 0, end; i < text.Length; i = end)
        {
            end = i + CodePoints.LengthAt(text, i);
            characterOfByte.AddRange(Enumerable.Repeat((i, end), CodePoints.Utf8Length(CodePoints.At(text, i))));
        }

        var cursor = 0;
        var unknownBytes = 0;
        Span<byte> utf8 = stackalloc byte[4];
        for (int i = 0, end; i < text.Length; i = end)
        {
            end = i + CodePoints.LengthAt(text, i);
            var bytes = utf8[..Encoding.UTF8.GetBytes(text[i..end], utf8)];
            var id = CharacterId(text[i..end], i == 0, end == text.Length);
            if (id >= 0)
            {
                Flush();
                Add(id, bytes.Length);
            }
            else if (_fallbackIds is not null && !bytes.ContainsAnyExcept(_fallbackBytes))
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

                unknownBytes += bytes.Length;
            }
        }

        Flush();

        void Add(int id, int length)
        {
            word.Add(id, characterOfByte[cursor].Start, characterOfByte[cursor + length - 1].End);
            cursor += length;
        }

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

    private int UnknownId() => Vocabulary.IdOf(_options.UnkToken) ?? throw TokenizerException.At(
        "model.unk_token", $"\"{_options.UnkToken}\" is needed for text outside the vocabulary, but is no token itself. Add it to the vocabulary.");

    private int CharacterId(ReadOnlySpan<char> character, bool first, bool last)
    {
        if (HasAffixes)
        {
            var prefix = first ? "" : _options.ContinuingSubwordPrefix;
            var suffix = last ? _options.EndOfWordSuffix : "";
            return Vocabulary.TryGetId($"{prefix}{character}{suffix}", out var affixed) ? affixed : -1;
        }

        if (character.Length == 1)
        {
            return _characterIds[character[0]];
        }

        return Vocabulary.TryGetId(character, out var id) ? id : -1;
    }

    private bool AddFallbackBytes(BpeWord word, ReadOnlySpan<char> character, int start, int end)
    {
        if (_fallbackIds is null)
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..Encoding.UTF8.GetBytes(character, utf8)];
        if (utf8.ContainsAnyExcept(_fallbackBytes))
        {
            return false;
        }

        foreach (var b in utf8)
        {
            word.Add(_fallbackIds[b], start, end);
        }

        return true;
    }

    private static bool NothingCrossesSpaceMark(Vocabulary vocabulary)
    {
        foreach (var (token, _) in vocabulary.Entries)
        {
            var mark = token.LastIndexOf(SpaceMark);
            if (mark > 0 && token.AsSpan(0, mark).ContainsAnyExcept(SpaceMark))
            {
                return false;
            }
        }

        return true;
    }
}
