namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>Consecutive tokens of one text, or special tokens between texts.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="Offsets">Stretch of the text behind each token (UTF-16); (0, 0) for special tokens.</param>
/// <param name="TypeId">BERT's segment number.</param>
/// <param name="Sequence">0 for the first text, 1 for its pair, -1 for special tokens.</param>
internal sealed record EncodingPart(int[] Ids, (int Start, int End)[] Offsets, int TypeId, int Sequence)
{
    /// <summary>The tokens that were cut out of the text, in order.</summary>
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

/// <summary>What each token says, for processors that look at its white space.</summary>
/// <param name="Texts">The texts that were encoded.</param>
/// <param name="TokenOf">What a token of the model says, by its id, offsets and text.</param>
internal readonly record struct TokenTexts(string[] Texts, Func<int, (int Start, int End), int, string> TokenOf);
