using System.Text.Json.Nodes;

namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary>
/// <c>vocab.json</c> with <c>merges.txt</c>: byte-level BPE as GPT-2 has it (transformers' GPT2Converter, Qwen2Converter,
/// RobertaConverter).
/// </summary>
internal static class VocabularyAndMerges
{
    /// <summary>How Qwen 2 splits text, from its Qwen2Converter.</summary>
    private const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static JsonObject Convert(string file, TokenizerSettings settings)
    {
        var vocabulary = JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject
            ?? throw new TokenizerException($"{file} holds no object of tokens and ids. Copy the file again.");
        var merges = Path.Combine(Path.GetDirectoryName(file)!, "merges.txt");
        if (!File.Exists(merges))
        {
            throw new TokenizerException($"{file} needs merges.txt beside it. Copy that file too.");
        }

        var prefixSpace = settings.Flag("add_prefix_space", false);
        var qwen = settings.TokenizerClass == "Qwen2Tokenizer";
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = qwen ? new JsonObject { ["type"] = "NFC" } : null,
            ["pre_tokenizer"] = qwen ? SplitThenBytes(Qwen2, prefixSpace) : ByteLevel(prefixSpace, useRegex: true, trimOffsets: true),
            ["post_processor"] = PostProcessor(settings, vocabulary, prefixSpace),
            ["decoder"] = ByteLevel(prefixSpace, useRegex: true, trimOffsets: true),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocabulary,
                ["merges"] = ReadMerges(merges),
            },
        };
    }

    /// <summary>Splits by a pattern, each match a piece, and writes the pieces in byte characters.</summary>
    public static JsonObject SplitThenBytes(string pattern, bool prefixSpace) => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false },
            ByteLevel(prefixSpace, useRegex: false, trimOffsets: true)),
    };

    /// <summary>A ByteLevel component; as pre-tokenizer, post-processor and decoder it has the same fields.</summary>
    public static JsonObject ByteLevel(bool prefixSpace, bool useRegex, bool trimOffsets) => new()
    {
        ["type"] = "ByteLevel", ["add_prefix_space"] = prefixSpace, ["trim_offsets"] = trimOffsets, ["use_regex"] = useRegex,
    };

    private static JsonObject PostProcessor(TokenizerSettings settings, JsonObject vocabulary, bool prefixSpace)
    {
        int? IdOf(string token) => vocabulary[token]?.GetValue<int>();
        if (settings.TokenizerClass is "RobertaTokenizer" or "BartTokenizer"
            && IdOf(settings.SpecialToken("cls_token") ?? "<s>") is { } cls && IdOf(settings.SpecialToken("sep_token") ?? "</s>") is { } sep)
        {
            return new JsonObject
            {
                ["type"] = "RobertaProcessing",
                ["sep"] = new JsonArray(settings.SpecialToken("sep_token") ?? "</s>", sep),
                ["cls"] = new JsonArray(settings.SpecialToken("cls_token") ?? "<s>", cls),
                ["trim_offsets"] = true,
                ["add_prefix_space"] = prefixSpace,
            };
        }

        return settings.Template(settings.Flag("add_bos_token", false), addEnd: false, IdOf)
            ?? ByteLevel(prefixSpace, useRegex: true, trimOffsets: false);
    }

    /// <summary>A merge a line, the left and the right token with a space between; the first line may name the version.</summary>
    private static JsonArray ReadMerges(string file)
    {
        var merges = new JsonArray();
        foreach (var line in File.ReadLines(file))
        {
            if (line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
            {
                merges.Add(line);
            }
        }

        return merges;
    }
}
