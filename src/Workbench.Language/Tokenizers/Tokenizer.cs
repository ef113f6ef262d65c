using System.Globalization;
using Workbench.Language.Tokenizers.AddedTokens;
using Workbench.Language.Tokenizers.Decoders;
using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.Models;
using Workbench.Language.Tokenizers.Normalizers;
using Workbench.Language.Tokenizers.PostProcessors;
using Workbench.Language.Tokenizers.PreTokenizers;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers;

/// <summary>
/// A Hugging Face tokenizer (<c>tokenizer.json</c>): the same ids, offsets and text as the official Rust library.
/// Immutable; one instance serves all threads.
/// </summary>
public sealed class Tokenizer
{
    [ThreadStatic]
    private static TokenBuffer? Scratch;

    private readonly AddedVocabulary _added;
    private readonly Normalizer? _normalizer;
    private readonly PreTokenizer[] _preTokenizers;
    private readonly TokenModel _model;
    private readonly PostProcessor? _postProcessor;
    private readonly Decoder? _decoder;
    private readonly bool _canBeCut;

    internal Tokenizer(
        AddedVocabulary added,
        Normalizer? normalizer,
        PreTokenizer[] preTokenizers,
        TokenModel model,
        PostProcessor? postProcessor,
        Decoder? decoder,
        Truncation? truncation,
        Padding? padding)
    {
        _added = added;
        _normalizer = normalizer;
        (_preTokenizers, _model) = ByteLevelShortcut(preTokenizers, model);
        _postProcessor = postProcessor;
        _decoder = decoder;
        _canBeCut = LongText.CanBeCut(added, normalizer, _preTokenizers);
        Truncation = truncation;
        Padding = padding;
        VocabularySize = Math.Max(model.Vocabulary.Size, added.Tokens.Count == 0 ? 0 : added.Tokens[^1].Id + 1);
    }

    /// <summary>The highest id + 1, added tokens included: what an embedding must have rows for.</summary>
    public int VocabularySize { get; }

    /// <summary>What it is made of.</summary>
    public required TokenizerComponents Components { get; init; }

    /// <summary>The tokens that are cut out of a text before the model sees it, by id.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => _added.Tokens;

    /// <summary>How the file wants long texts cut; used by <see cref="EncodeToLength"/> alone, as transformers leaves it aside too.</summary>
    public Truncation? Truncation { get; }

    /// <summary>How the file wants short texts filled; used by <see cref="EncodeToLength"/> alone.</summary>
    public Padding? Padding { get; }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="directoryOrTokenizerJson">A model folder that holds tokenizer.json, or that file.</param>
    /// <exception cref="TokenizerException">The file is missing, broken, or holds a component that is not known.</exception>
    public static Tokenizer Load(string directoryOrTokenizerJson) => TokenizerLoader.Load(directoryOrTokenizerJson);

    /// <summary>Reads a tokenizer from the text of a tokenizer.json.</summary>
    /// <exception cref="TokenizerException">The text is broken, or holds a component that is not known.</exception>
    public static Tokenizer Parse(string json) => TokenizerLoader.Parse(json);

    /// <summary>Turns text into token ids.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecialTokens">Adds what the file's post-processor adds, such as a BOS token. False for text that a
    /// chat template has rendered: the template wrote its special tokens itself.</param>
    /// <param name="recognizeSpecialTokens">Whether special tokens spelled out in the text become special tokens; false
    /// for text that must not forge any.</param>
    public TokenEncoding Encode(string text, bool addSpecialTokens = true, bool recognizeSpecialTokens = true) =>
        Finish([EncodePart(text, 0, Scope(recognizeSpecialTokens))], [text], addSpecialTokens);

    /// <summary>Turns text into token ids, some stretches of it being data that must not forge special tokens.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="plain">UTF-16 stretches, in order and without overlaps: a special token that touches one stays text.</param>
    /// <param name="addSpecialTokens">Adds what the file's post-processor adds.</param>
    public TokenEncoding Encode(string text, IReadOnlyList<(int Start, int End)> plain, bool addSpecialTokens = true) =>
        Finish([EncodePart(text, 0, SpecialTokenScope.Outside(plain))], [text], addSpecialTokens);

    /// <summary>Turns two texts that belong together into one encoding; offsets refer to the text that a token stems from.</summary>
    /// <inheritdoc cref="Encode(string, bool, bool)"/>
    public TokenEncoding Encode(string text, string pair, bool addSpecialTokens = true, bool recognizeSpecialTokens = true) =>
        Finish(
            [EncodePart(text, 0, Scope(recognizeSpecialTokens)), EncodePart(pair, 1, Scope(recognizeSpecialTokens))],
            [text, pair],
            addSpecialTokens);

    /// <summary>
    /// Encodes a text, or a pair, and applies the file's own <c>truncation</c> and <c>padding</c>, as the official library does
    /// when it is called directly. transformers sets both anew with each call, and so do training and previews here.
    /// </summary>
    /// <exception cref="TokenizerException">The file's strategy cannot bring the text down to its length.</exception>
    /// <inheritdoc cref="Encode(string, bool, bool)"/>
    public TokenEncoding EncodeToLength(string text, string? pair = null, bool addSpecialTokens = true)
    {
        List<EncodingPart> parts = [EncodeLimited(text, 0)];
        if (pair is not null)
        {
            parts.Add(EncodeLimited(pair, 1));
        }

        Truncation?.Apply(parts, addSpecialTokens ? AddedByPostProcessor(pair is not null) : 0);
        string[] texts = pair is null ? [text] : [text, pair];
        parts = Process(parts, texts, addSpecialTokens);
        Padding?.Apply(parts);
        return TokenEncoding.Create(this, parts, texts);
    }

    /// <summary>Encodes many texts on all cores; results in the order of the texts.</summary>
    /// <inheritdoc cref="Encode(string, bool, bool)"/>
    public TokenEncoding[] EncodeBatch(
        IReadOnlyList<string> texts,
        bool addSpecialTokens = true,
        bool recognizeSpecialTokens = true,
        CancellationToken cancellationToken = default)
    {
        var results = new TokenEncoding[texts.Count];
        Parallel.For(0, texts.Count, new ParallelOptions { CancellationToken = cancellationToken },
            i => results[i] = Encode(texts[i], addSpecialTokens, recognizeSpecialTokens));
        return results;
    }

    /// <summary>Turns ids back into text. Ids that the tokenizer does not know are passed over.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecialTokens">Leaves special tokens out.</param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false)
    {
        var tokens = new List<string>(ids.Count);
        for (var i = 0; i < ids.Count; i++)
        {
            if ((_added.Decoded(ids[i]) ?? _model.Vocabulary.TokenOf(ids[i])) is { } token && !(skipSpecialTokens && _added.IsSpecial(token)))
            {
                tokens.Add(token);
            }
        }

        return _decoder is null ? string.Join(' ', tokens) : string.Concat(_decoder.Decode(tokens));
    }

    /// <summary>The id of a token as the vocabulary spells it (<c>Ġthe</c>, <c>▁the</c>), or null.</summary>
    public int? TokenToId(string token) => _added.ByContent(token)?.Id ?? _model.Vocabulary.IdOf(token);

    /// <summary>The token as the vocabulary spells it, or null where no token has that id.</summary>
    public string? IdToToken(int id) => _added.ById(id)?.Content ?? _model.Vocabulary.TokenOf(id);

    /// <summary>Tokens by id whose spelling, or what it reads as, holds the text; the token of that id first where the text is a number.</summary>
    /// <param name="text">What to look for, case and all.</param>
    /// <param name="limit">Most tokens to give.</param>
    public IReadOnlyList<int> Search(string text, int limit)
    {
        var found = new List<int>();
        var number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && IdToToken(wanted) is not null ? wanted : -1;
        if (number >= 0)
        {
            found.Add(number);
        }

        // Byte-level vocabularies spell bytes as characters: the text is looked for as it is spelled there too.
        var spelled = string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(ByteAlphabet.ToCharacter));
        for (var id = 0; id < VocabularySize && found.Count < limit; id++)
        {
            if (id != number && IdToToken(id) is { } token
                && (token.Contains(text, StringComparison.Ordinal) || token.Contains(spelled, StringComparison.Ordinal)))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>Whether the id is a special token: one that controls the model and says nothing.</summary>
    public bool IsSpecial(int id) => _added.ById(id) is { } token && _added.IsSpecial(token.Content);

    /// <summary>How many tokens <see cref="Encode(string, bool, bool)"/> adds of its own, such as a BOS token.</summary>
    public int AddedByPostProcessor(bool pair = false) => _postProcessor?.AddedTokens(pair) ?? 0;

    private static SpecialTokenScope Scope(bool recognizeSpecialTokens) =>
        recognizeSpecialTokens ? SpecialTokenScope.Everywhere : SpecialTokenScope.Nowhere;

    private EncodingPart EncodePart(string text, int sequence, SpecialTokenScope special)
    {
        ArgumentNullException.ThrowIfNull(text);
        var whole = new AlignedText(CodePoints.WellFormed(text)).Whole();
        return _canBeCut && text.Length > LongText.Stretch ? EncodeLong(whole, sequence, special) : EncodeSlice(whole, sequence, special);
    }

    private EncodingPart EncodeLimited(string text, int sequence)
    {
        if (Truncation is null)
        {
            return EncodePart(text, sequence, SpecialTokenScope.Everywhere);
        }

        var exit = new EarlyExit(Truncation);
        var part = EncodeSlice(new AlignedText(CodePoints.WellFormed(text)).Whole(), sequence, SpecialTokenScope.Everywhere, exit);
        return part.Cut(exit.First(part.Ids.Length), part.Ids.Length);
    }

    private EncodingPart EncodeLong(Slice whole, int sequence, SpecialTokenScope special)
    {
        var stretches = LongText.Cut(whole.Span);
        var parts = new EncodingPart?[stretches.Count];
        Parallel.For(0, parts.Length, i => parts[i] = EncodeSlice(whole.Part(stretches[i].From, stretches[i].To), sequence, special));
        var ids = new int[parts.Sum(part => part!.Ids.Length)];
        var offsets = new (int Start, int End)[ids.Length];
        var found = new List<FoundToken>();
        var at = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            found.AddRange(parts[i]!.Found.Select(token => token with { Index = token.Index + at }));
            parts[i]!.Ids.CopyTo(ids, at);
            parts[i]!.Offsets.CopyTo(offsets, at);
            at += parts[i]!.Ids.Length;
            parts[i] = null; // the copy is enough
        }

        return new EncodingPart(ids, offsets, sequence, sequence) { Found = found };
    }

    private EncodingPart EncodeSlice(Slice text, int sequence, SpecialTokenScope special, EarlyExit? exit = null)
    {
        var buffer = Interlocked.Exchange(ref Scratch, null) ?? new TokenBuffer();
        buffer.Clear();
        buffer.Exit = exit;
        var chain = new PieceChain(_preTokenizers, 0, _model, buffer);
        foreach (var (token, part) in _added.Split(text, _normalizer, special))
        {
            if (exit is { Reached: true })
            {
                break;
            }

            if (token is null)
            {
                chain.Pass(part);
            }
            else
            {
                buffer.AddFound(token.Id, part);
            }
        }

        var result = buffer.ToPart(sequence);
        Scratch = buffer.IsLarge ? null : buffer;
        return result;
    }

    private TokenEncoding Finish(List<EncodingPart> parts, string[] texts, bool addSpecialTokens) =>
        TokenEncoding.Create(this, Process(parts, texts, addSpecialTokens), texts);

    private List<EncodingPart> Process(List<EncodingPart> parts, string[] texts, bool addSpecialTokens)
    {
        return _postProcessor is null ? parts : _postProcessor.Process(parts, addSpecialTokens, new TokenTexts(texts, TextOf));

        // Unigram's unknown token says the text that it stands for.
        string TextOf(int id, (int Start, int End) offsets, int sequence) => _model is UnigramModel unigram && unigram.UnknownId == id
            ? texts[sequence][offsets.Start..offsets.End]
            : _model.Vocabulary.TokenOf(id) ?? "";
    }

    /// <summary>A byte-level pre-tokenizer right before BPE need not write byte characters: BPE reads UTF-8 by itself.</summary>
    private static (PreTokenizer[] PreTokenizers, TokenModel Model) ByteLevelShortcut(PreTokenizer[] preTokenizers, TokenModel model) =>
        preTokenizers is [.., ByteLevelPreTokenizer last] && model is BpeModel bpe && bpe.ForBytes() is { } bytes
            ? ([.. preTokenizers[..^1], last.WithoutWriting()], bytes)
            : (preTokenizers, model);
}
