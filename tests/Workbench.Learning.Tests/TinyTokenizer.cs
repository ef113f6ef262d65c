using System.Text.Json;

namespace Workbench.Learning.Tests;

/// <summary>A tokenizer of one token a character, for the tiny models: ids by hand are easy.</summary>
internal static class TinyTokenizer
{
    private const string Characters = "abcdefghijklmnopqrstuvwxyzSUA: \n.!?";

    private static readonly string[] Special = ["<unk>", "<s>", "</s>"];

    public const int Bos = 1;
    public const int Eos = 2;

    /// <summary>Writes tokenizer.json and tokenizer_config.json into a model folder.</summary>
    public static void Write(string directory)
    {
        var vocabulary = new Dictionary<string, int>();
        foreach (var token in Special.Concat(Characters.Select(character => character.ToString())))
        {
            vocabulary.Add(token, vocabulary.Count);
        }

        var added = Special.Select((token, id) => new
        {
            id, content = token, single_word = false, lstrip = false, rstrip = false, normalized = false, special = true,
        });
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = added,
            normalizer = (object?)null,
            pre_tokenizer = (object?)null,
            post_processor = (object?)null,
            decoder = new { type = "Fuse" },
            model = new { type = "BPE", unk_token = "<unk>", fuse_unk = false, byte_fallback = false, vocab = vocabulary, merges = Array.Empty<string>() },
        }));
        File.WriteAllText(
            Path.Combine(directory, "tokenizer_config.json"),
            """{"tokenizer_class":"PreTrainedTokenizerFast","bos_token":"<s>","eos_token":"</s>","unk_token":"<unk>"}""");
    }

    /// <summary>Ids of text without special tokens.</summary>
    public static int[] Ids(string text) => [.. text.Select(character => 3 + Characters.IndexOf(character, StringComparison.Ordinal))];
}
