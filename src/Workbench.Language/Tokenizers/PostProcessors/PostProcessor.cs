using Workbench.Language.Tokenizers.Models;

namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>Consecutive tokens of one text, or special tokens between texts.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="Offsets">Stretch of the text behind each token (UTF-16); (0, 0) for special tokens.</param>
/// <param name="TypeId">BERT's segment number.</param>
/// <param name="Sequence">0 for the first text, 1 for its pair, -1 for special tokens.</param>
internal sealed record EncodingPart(int[] Ids, (int Start, int End)[] Offsets, int TypeId, int Sequence)
{
    /// <summary>The tokens that say what they stand for, in order.</summary>
    public IReadOnlyList<FoundToken> Found { get; init; } = [];

    /// <summary>The tokens from one index up to another.</summary>
    public EncodingPart Cut(int from, int to) => this with
    {
        Ids = Ids[from..to],
        Offsets = Offsets[from..to],
        Found = [.. Found.Where(token => token.Index >= from && token.Index < to).Select(token => token with { Index = token.Index - from })],
    };

    public static EncodingPart Special(int[] ids, int typeId) => new(ids, new (int, int)[ids.Length], typeId, -1);
}

/// <summary>Adds special tokens and trims offsets.</summary>
internal abstract class PostProcessor
{
    public abstract List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens, TokenTexts texts);

    /// <summary>How many special tokens are added around one text, or around a pair.</summary>
    public abstract int AddedTokens(bool pair);
}

/// <summary>What processors need that look at the white space of tokens.</summary>
/// <param name="Texts">The texts that were encoded.</param>
/// <param name="Vocabulary">How the model spells its tokens.</param>
internal readonly record struct TokenTexts(string[] Texts, Vocabulary Vocabulary);
