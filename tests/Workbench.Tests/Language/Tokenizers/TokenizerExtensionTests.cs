using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers;
using Workbench.Language.Tokenizers.Training;

namespace Workbench.Tests.Language.Tokenizers;

public sealed class TokenizerExtensionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-extend-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void New_tokens_get_the_next_ids_and_known_ones_keep_theirs()
    {
        Write(ByteLevelBpe.Train(["low low"], 260), """{"eos_token":"</s>","added_tokens_decoder":{},"additional_special_tokens":["<x>"]}""");

        var extended = TokenizerExtension.Add(_folder, ["<|im_start|>", "</s>", "<|im_end|>"]);

        // 2 special tokens, 256 bytes, l+o and lo+w: ids 0 to 259.
        Assert.Equal([("<|im_start|>", 260), ("</s>", 1), ("<|im_end|>", 261)], extended.Tokens);
        Assert.Equal(262, extended.VocabularySize);
        var tokenizer = Tokenizer.Parse(extended.TokenizerJson);
        Assert.Equal([0, 260, 259, 261], tokenizer.Encode("<|im_start|>low<|im_end|>").Ids);
        Assert.True(tokenizer.IsSpecial(260));
        var config = JsonNode.Parse(extended.TokenizerConfig!)!;
        Assert.Equal(["<x>", "<|im_start|>", "</s>", "<|im_end|>"], config["additional_special_tokens"]!.AsArray().Select(token => token!.ToString()));
        Assert.Equal("<|im_start|>", config["added_tokens_decoder"]!["260"]!["content"]!.ToString());
    }

    [Fact]
    public void The_official_library_reads_the_same_ids()
    {
        var source = Shared.Require("assets/tokenizers/gpt2");
        var extended = TokenizerExtension.Add(source, ["<|im_start|>", "<|im_end|>"]);
        Write(extended.TokenizerJson, null);
        const string text = "<|im_start|>user\nHello<|im_end|>";
        using var row = JsonDocument.Parse(TokenizerOracle.Encode(Path.Combine(_folder, "tokenizer.json"), [text]).Single());
        Assert.Equal(row.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), Tokenizer.Parse(extended.TokenizerJson).Encode(text).Ids);
        Assert.Equal([("<|im_start|>", 50257), ("<|im_end|>", 50258)], extended.Tokens); // GPT-2 has 50,257 tokens
    }

    [Theory]
    [InlineData("  ")]
    [InlineData("")]
    public void A_token_of_nothing_is_refused(string token)
    {
        Write(ByteLevelBpe.Train(["low"], 258), null);
        Assert.Contains("cannot be a special token", Assert.Throws<TokenizerException>(() => TokenizerExtension.Add(_folder, [token])).Message, StringComparison.Ordinal);
    }

    private void Write(string tokenizer, string? config)
    {
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), tokenizer);
        if (config is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), config);
        }
    }
}
