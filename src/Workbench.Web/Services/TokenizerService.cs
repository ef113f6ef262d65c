using System.Text;
using Workbench.Language.Tokenizers.AddedTokens;
using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>What a model's tokenizer is made of, what it knows, and how it splits text beside another one.</summary>
public sealed class TokenizerService(ModelService models, TokenizerCache tokenizers)
{
    /// <summary>Longest text that is split for looking at, in UTF-16 units.</summary>
    public const int MaxText = 20_000;

    private const int MostFound = 200;

    /// <exception cref="UserInputException">There is no such model, or its tokenizer cannot be used.</exception>
    public async Task<TokenizerDescription> DescribeAsync(string modelId, CancellationToken cancellationToken = default)
    {
        var pretrained = await LoadAsync(modelId, cancellationToken);
        var uses = pretrained.SpecialTokens.ToLookup(use => use.Value, use => use.Key.Replace("_token", "", StringComparison.Ordinal), StringComparer.Ordinal);
        var tokenizer = pretrained.Tokenizer;
        var added = tokenizer.AddedTokens.Select(token => new AddedTokenEntry(token.Id, token.Content, token.Special, [.. uses[token.Content]], Notes(token)));
        return new TokenizerDescription(tokenizer.Components, tokenizer.VocabularySize, pretrained.ModelMaxLength, [.. added]);
    }

    /// <summary>Tokens that hold the text; the token of that id first where it is a number.</summary>
    public async Task<IReadOnlyList<VocabularyEntry>> SearchAsync(string modelId, string text, int limit = 50, CancellationToken cancellationToken = default)
    {
        var tokenizer = (await LoadAsync(modelId, cancellationToken)).Tokenizer;
        return text.Length == 0
            ? []
            : await Task.Run<IReadOnlyList<VocabularyEntry>>(
                () => [.. tokenizer.Search(text, Math.Clamp(limit, 1, MostFound)).Select(id => new VocabularyEntry(id, tokenizer.IdToToken(id)!, tokenizer.Decode([id])))],
                cancellationToken);
    }

    /// <summary>Splits a text by the model's tokenizer and, where one is named, by another model's.</summary>
    /// <exception cref="UserInputException">The text is too long, or a tokenizer cannot be used.</exception>
    public async Task<TokenizerComparison> CompareAsync(string modelId, string text, string? otherId = null, CancellationToken cancellationToken = default)
    {
        if (text.Length > MaxText)
        {
            throw new UserInputException($"The text has {text.Length:N0} characters.", $"Compare up to {MaxText:N0} at a time.", "text");
        }

        var own = (await LoadAsync(modelId, cancellationToken)).Tokenizer;
        var other = string.IsNullOrEmpty(otherId) ? null : (await LoadAsync(otherId, cancellationToken)).Tokenizer;
        return await Task.Run(
            () =>
            {
                var mine = own.Encode(text, addSpecialTokens: false);
                var theirs = other?.Encode(text, addSpecialTokens: false);
                return new TokenizerComparison(Encoding.UTF8.GetByteCount(text), Side(text, mine, theirs), theirs is null ? null : Side(text, theirs, mine));
            },
            cancellationToken);
    }

    /// <summary>Bytes per token for the same sentences in several languages.</summary>
    public async Task<IReadOnlyList<LanguageDensity>> LanguagesAsync(string modelId, string? otherId = null, CancellationToken cancellationToken = default)
    {
        var own = await LoadAsync(modelId, cancellationToken);
        var other = string.IsNullOrEmpty(otherId) ? null : await LoadAsync(otherId, cancellationToken);
        return [.. LanguageSamples.All.Select(sample => new LanguageDensity(sample.Language, Density(own, sample.Text), other is null ? null : Density(other, sample.Text)))];
    }

    private static TextDensity Density(PretrainedTokenizer pretrained, string text)
    {
        var ids = pretrained.Tokenizer.Encode(text, addSpecialTokens: false).Ids;
        var unknown = pretrained.SpecialTokens.TryGetValue("unk_token", out var token) ? pretrained.Tokenizer.TokenToId(token) : null;
        return new TextDensity(Encoding.UTF8.GetByteCount(text), ids.Length, ids.Count(id => id == unknown));
    }

    private static TokenizedSide Side(string text, TokenEncoding encoding, TokenEncoding? beside)
    {
        HashSet<(int Start, int End)>? others = beside is null ? null : [.. beside.CharOffsets];
        var pieces = new List<TokenPiece>(encoding.Ids.Length);
        var written = 0; // a character of several tokens is shown once
        for (var i = 0; i < encoding.Ids.Length; i++)
        {
            var (start, end) = encoding.CharOffsets[i];
            var from = Math.Max(start, written);
            pieces.Add(new TokenPiece(encoding.Ids[i], from < end ? text[from..end] : "", others?.Contains((start, end)) != false));
            written = Math.Max(written, end);
        }

        return new TokenizedSide(encoding.Ids.Length, pieces);
    }

    private static List<string> Notes(AddedToken token)
    {
        var notes = new List<string>();
        foreach (var (holds, name) in new[] { (token.LeftStrip, "lstrip"), (token.RightStrip, "rstrip"), (token.SingleWord, "single_word"), (token.Normalized, "normalized") })
        {
            if (holds)
            {
                notes.Add(name);
            }
        }

        return notes;
    }

    private async Task<PretrainedTokenizer> LoadAsync(string modelId, CancellationToken cancellationToken)
    {
        var model = await models.GetAsync(modelId, cancellationToken);
        try
        {
            return await Task.Run(() => tokenizers.Get(model.TokenizerPath), cancellationToken);
        }
        catch (TokenizerException exception)
        {
            throw new UserInputException($"The tokenizer of {model.Name} cannot be used: {exception.Message}", null, model.Path, exception);
        }
    }
}
