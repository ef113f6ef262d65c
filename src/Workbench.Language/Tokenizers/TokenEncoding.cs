using Workbench.Language.Tokenizers.PostProcessors;

namespace Workbench.Language.Tokenizers;

/// <summary>The tokens of a text.</summary>
public sealed class TokenEncoding
{
    private readonly Tokenizer _tokenizer;
    private readonly string[] _texts;
    private readonly sbyte[]? _sequences; // null where every token stems from the first text
    private (int Start, int End)[]? _offsets;
    private string[]? _tokens;
    private int[]? _typeIds; // null where all are 0

    private TokenEncoding(Tokenizer tokenizer, string[] texts, int[] ids, (int Start, int End)[] charOffsets, int[]? typeIds, sbyte[]? sequences)
    {
        _tokenizer = tokenizer;
        _texts = texts;
        _sequences = sequences;
        Ids = ids;
        CharOffsets = charOffsets;
        _typeIds = typeIds;
    }

    /// <summary>Token ids, (tokens).</summary>
    public int[] Ids { get; }

    /// <summary>For each token the stretch of the original text that it stands for, in UTF-16 units: what a C# string is indexed by. (0, 0) for tokens that were added.</summary>
    public (int Start, int End)[] CharOffsets { get; }

    /// <summary>The same in Unicode code points: Hugging Face's offsets.</summary>
    public (int Start, int End)[] Offsets => _offsets ??= ToCodePoints();

    /// <summary>Segment numbers as BERT has them: 0, and 1 for the second text of a pair where the file says so.</summary>
    public int[] TypeIds => _typeIds ??= new int[Ids.Length];

    /// <summary>The tokens as the vocabulary spells them.</summary>
    public string[] Tokens => _tokens ??= Array.ConvertAll(Ids, id => _tokenizer.IdToToken(id) ?? "");

    /// <summary>Which text a token stems from: 0, 1 for the second of a pair, null for a special token that was added.</summary>
    public int? SequenceOf(int token) => _sequences is null ? 0 : _sequences[token] is >= 0 and var sequence ? sequence : null;

    /// <summary>A stretch of the first text.</summary>
    internal string TextOf(int start, int end) => _texts[0][start..end];

    internal static TokenEncoding Create(Tokenizer tokenizer, List<EncodingPart> parts, string[] texts)
    {
        if (parts is [{ Sequence: 0, TypeId: 0 } only])
        {
            return new TokenEncoding(tokenizer, texts, only.Ids, only.Offsets, null, null);
        }

        var count = parts.Sum(p => p.Ids.Length);
        var ids = new int[count];
        var offsets = new (int, int)[count];
        var typeIds = new int[count];
        var sequences = new sbyte[count];
        var at = 0;
        foreach (var part in parts)
        {
            var length = part.Ids.Length;
            part.Ids.CopyTo(ids, at);
            part.Offsets.CopyTo(offsets, at);
            typeIds.AsSpan(at, length).Fill(part.TypeId);
            sequences.AsSpan(at, length).Fill((sbyte)part.Sequence);
            at += length;
        }

        return new TokenEncoding(tokenizer, texts, ids, offsets, typeIds, sequences);
    }

    private (int Start, int End)[] ToCodePoints()
    {
        var maps = Array.ConvertAll(_texts, CodePointIndexes);
        if (Array.TrueForAll(maps, m => m is null))
        {
            return CharOffsets;
        }

        var offsets = new (int Start, int End)[CharOffsets.Length];
        for (var i = 0; i < offsets.Length; i++)
        {
            var (start, end) = CharOffsets[i];
            var map = SequenceOf(i) is { } sequence ? maps[sequence] : null;
            offsets[i] = map is null ? (start, end) : (map[start], map[end]);
        }

        return offsets;
    }

    /// <summary>For each UTF-16 index the number of code points before it; null where the two are the same.</summary>
    private static int[]? CodePointIndexes(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return null;
        }

        var map = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
        {
            var insidePair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            map[i + 1] = map[i] + (insidePair ? 0 : 1);
        }

        return map;
    }
}
