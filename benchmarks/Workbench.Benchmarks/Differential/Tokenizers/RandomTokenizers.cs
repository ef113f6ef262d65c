using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>A tokenizer.json made at random, and the tokens that it cuts out of texts.</summary>
internal sealed record MadeUpTokenizer(JsonObject Json, IReadOnlyList<string> SpecialTokens);

/// <summary>
/// Makes up tokenizer.json files: any model with any normalizers, pre-tokenizers, added tokens, post-processor and decoders, in
/// combinations that nobody would choose, because the official library means something by them all the same.
/// </summary>
internal sealed class RandomTokenizers(Random random)
{
    private static readonly string[] AddedContents =
    [
        "<s>", "</s>", "<pad>", "[CLS]", "[SEP]", "[MASK]", "<|im_start|>", "<|im_end|>", "<|im|>", "<|im_start|>user", "the", "The", "é", "É", "e\u0301", "ﬁ", "Ⅷ", " x", "x ", "\n\n", "▁", "日本", "a", "ab", "👍", "1",
    ];

    private readonly RandomComponents _components = new(random);

    /// <summary>The next one.</summary>
    public MadeUpTokenizer Next()
    {
        var json = new JsonObject { ["version"] = "1.0", ["truncation"] = Sometimes(6, Truncation), ["padding"] = Sometimes(6, Padding) };
        var bytes = random.Next(4) == 0;
        var model = new RandomModels(random).Next(bytes, out var count);
        var contents = AddedContents.OrderBy(_ => random.Next()).Take(random.Next(8)).ToList();
        json["added_tokens"] = new JsonArray([.. contents.Select((content, i) => Added(content, count + i))]);
        json["normalizer"] = Sometimes(2, _components.Normalizer);
        json["pre_tokenizer"] = bytes ? _components.ByteLevel() : Often(_components.PreTokenizer);
        json["post_processor"] = Sometimes(2, () => _components.PostProcessor(count));
        json["decoder"] = bytes && random.Next(3) > 0 ? _components.ByteLevel() : Often(_components.Decoder);
        json["model"] = model;
        return new MadeUpTokenizer(json, [.. contents, .. contents.Count > 0 ? ["<unk>"] : Array.Empty<string>()]);
    }

    private JsonObject Added(string content, int id) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = random.Next(4) == 0,
        ["lstrip"] = random.Next(4) == 0,
        ["rstrip"] = random.Next(4) == 0,
        ["normalized"] = random.Next(2) == 0,
        ["special"] = random.Next(2) == 0,
    };

    private JsonObject Truncation() => new()
    {
        ["direction"] = random.Next(2) == 0 ? "Left" : "Right",
        ["max_length"] = random.Next(5, 40), // below what a post-processor adds, the official library wraps around to no limit
        ["strategy"] = "LongestFirst",
        ["stride"] = 0,
    };

    private JsonObject Padding() => new()
    {
        ["strategy"] = random.Next(2) == 0 ? "BatchLongest" : new JsonObject { ["Fixed"] = random.Next(1, 40) },
        ["direction"] = random.Next(2) == 0 ? "Left" : "Right",
        ["pad_to_multiple_of"] = random.Next(2) == 0 ? null : random.Next(1, 9),
        ["pad_id"] = 0,
        ["pad_type_id"] = random.Next(2),
        ["pad_token"] = "<unk>",
    };

    private JsonObject? Sometimes(int outOf, Func<JsonObject> make) => random.Next(outOf) == 0 ? make() : null;

    private JsonObject? Often(Func<JsonObject> make) => random.Next(8) == 0 ? null : make();
}
