using Workbench.Language.Tokenizers.Loading;

namespace Workbench.Language.Tokenizers;

/// <summary>
/// What transformers' AutoTokenizer reads from a model folder: tokenizer.json, tokenizer_config.json,
/// special_tokens_map.json, chat templates and the token ids of generation_config.json and config.json.
/// </summary>
public sealed class PretrainedTokenizer
{
    private PretrainedTokenizer(Tokenizer tokenizer, PretrainedFiles files)
    {
        Tokenizer = tokenizer;
        SpecialTokens = files.SpecialTokens;
        AdditionalSpecialTokens = files.AdditionalSpecialTokens;
        ChatTemplates = files.ChatTemplates;
        BosTokenId = IdOf("bos_token");
        EosTokenId = IdOf("eos_token");
        PadTokenId = IdOf("pad_token");
        ModelMaxLength = files.ModelMaxLength;
        StopIds = [.. files.StopIds.Concat(EosTokenId is { } eos ? [eos] : []).Distinct()];
    }

    public Tokenizer Tokenizer { get; }

    /// <summary>bos_token, eos_token, pad_token … by these names: what a chat template can refer to.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; }

    /// <summary>The special tokens that no name of <see cref="SpecialTokens"/> stands for, as the folder lists them.</summary>
    public IReadOnlyList<string> AdditionalSpecialTokens { get; }

    /// <summary>The template that apply_chat_template uses unless told otherwise; null where the model has none.</summary>
    public string? ChatTemplate => ChatTemplates.GetValueOrDefault("default");

    /// <summary>All chat templates by name, the usual one being <c>default</c>.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; }

    public int? BosTokenId { get; }

    public int? EosTokenId { get; }

    public int? PadTokenId { get; }

    /// <summary>The longest input that the model was made for; null where the folder does not say.</summary>
    public int? ModelMaxLength { get; }

    /// <summary>Generation ends at any of these: eos_token_id of generation_config.json and config.json, and the eos token.</summary>
    public IReadOnlyList<int> StopIds { get; }

    /// <summary>Reads a model folder.</summary>
    /// <exception cref="TokenizerException">tokenizer.json is missing or broken, or a file beside it is broken.</exception>
    public static PretrainedTokenizer Load(string directory)
    {
        var tokenizer = Tokenizer.Load(directory);
        return new PretrainedTokenizer(tokenizer, PretrainedFiles.Read(directory));
    }

    /// <summary>A tokenizer with what a caller knows about it, where there is no folder.</summary>
    public static PretrainedTokenizer Create(
        Tokenizer tokenizer, IReadOnlyDictionary<string, string> specialTokens, string? chatTemplate = null) =>
        new(tokenizer, new PretrainedFiles
        {
            SpecialTokens = new Dictionary<string, string>(specialTokens),
            ChatTemplates = chatTemplate is null ? [] : new() { ["default"] = chatTemplate },
        });

    private int? IdOf(string name) => SpecialTokens.TryGetValue(name, out var token) ? Tokenizer.TokenToId(token) : null;
}
