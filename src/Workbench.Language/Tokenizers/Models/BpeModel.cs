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

    public bool HasAffixes => ContinuingSubwordPrefix.Length > 0 || EndOfWordSuffix.Length > 0;
}

/// <summary>Byte-pair encoding (Sennrich et al. 2016), over characters or, for byte-level tokenizers, over UTF-8.</summary>
internal sealed class BpeModel : TokenModel
{
    private const char SpaceMark = '▁';

    private readonly BpeOptions _options;
    private readonly MergeTable _merges;
    private readonly BpeCharacters _characters;
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
        _characters = new BpeCharacters(vocabulary, options);

        // A dropped character would move the positions of everything behind it, beyond the word's end.
        _splitsAtSpaceMark = _characters.DropsNothing && !options.IgnoreMerges && !options.HasAffixes && _characters.IdOf(SpaceMark) >= 0 && NothingCrossesSpaceMark(vocabulary);
    }

    private BpeModel(BpeModel other, int[] byteIds)
        : this(other.Vocabulary, other._merges, other._options) => _byteIds = byteIds;

    public override Vocabulary Vocabulary { get; }

    /// <summary>The same model reading UTF-8 directly instead of byte characters; null where its vocabulary has not all bytes.</summary>
    public BpeModel? ForBytes()
    {
        var byteIds = new int[256];
        for (var b = 0; b < 256; b++)
        {
            byteIds[b] = _characters.IdOf(ByteAlphabet.ToCharacter((byte)b));
        }

        return _options.HasAffixes || byteIds.Contains(-1) ? null : new BpeModel(this, byteIds);
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
            _characters.AddTo(word, text);
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
