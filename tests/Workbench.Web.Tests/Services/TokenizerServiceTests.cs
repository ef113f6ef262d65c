using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class TokenizerServiceTests
{
    private static string Starter => Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model");

    [Fact]
    public async Task A_tokenizer_says_what_it_is_made_of_and_what_its_special_tokens_are_for()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Starter, "words");

        var description = await services.Get<TokenizerService>().DescribeAsync(model.Id);

        Assert.Equal(("BPE", "none", "Digits → ByteLevel", 1024),
            (description.Components.Model, description.Components.Normalizer, description.Components.PreTokenizer, description.VocabularySize));
        Assert.Equal([(0, "<s>", "bos"), (1, "</s>", "eos")], description.Added.Select(token => (token.Id, token.Content, token.Uses.Single())));
    }

    [Fact]
    public async Task The_vocabulary_is_searched_by_id_and_by_text()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Starter, "words");
        var tokenizers = services.Get<TokenizerService>();

        Assert.Equal(new VocabularyEntry(1, "</s>", "</s>"), (await tokenizers.SearchAsync(model.Id, "1"))[0]);
        var spaced = await tokenizers.SearchAsync(model.Id, " the");
        Assert.Contains(spaced, token => token is { Token: "Ġthe", Text: " the" });
        Assert.All(spaced, token => Assert.Contains(" the", token.Text, StringComparison.Ordinal));
        Assert.Equal(3, (await tokenizers.SearchAsync(model.Id, "e", limit: 3)).Count);
        Assert.Empty(await tokenizers.SearchAsync(model.Id, "no such stretch"));
        Assert.Empty(await tokenizers.SearchAsync(model.Id, ""));
    }

    [Fact]
    public async Task Two_tokenizers_mark_what_only_one_of_them_has()
    {
        await using var services = await TestServices.StartAsync();
        var models = services.Get<ModelService>();
        var (own, other) = (await models.AddFolderAsync(Starter, "words"), await models.AddFolderAsync(Shared.Require("assets/models/stories260K-hf"), "stories"));

        var comparison = await services.Get<TokenizerService>().CompareAsync(own.Id, "Once 7 你", other.Id);

        Assert.Equal(10, comparison.Bytes); // 7 of ASCII and 3 of one character
        Assert.Equal("Once 7 你", string.Concat(comparison.Own.Pieces.Select(piece => piece.Text)));
        Assert.Equal(comparison.Own.Pieces.Where(piece => piece.Shared && piece.Text.Length > 0).Select(piece => piece.Text),
            comparison.Other!.Pieces.Where(piece => piece.Shared && piece.Text.Length > 0).Select(piece => piece.Text));
        Assert.True(comparison.Own.Pieces.Single(piece => piece.Text == "7").Shared);
        Assert.Null((await services.Get<TokenizerService>().CompareAsync(own.Id, "Once")).Other);
    }

    [Fact]
    public async Task Text_outside_the_vocabulary_is_counted_as_unknown()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Shared.Require("assets/models/tinystories656k-clean"), "tiny"); // knows no Chinese and has no bytes
        var languages = await services.Get<TokenizerService>().LanguagesAsync(model.Id);
        Assert.Equal(0, languages.Single(language => language.Language == "English").Own.Unknown);
        Assert.True(languages.Single(language => language.Language == "Chinese").Own.Unknown > 0);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Starter, "words");
        var refusal = await Assert.ThrowsAsync<UserInputException>(() => services.Get<TokenizerService>().CompareAsync(model.Id, new string('a', TokenizerService.MaxText + 1)));
        Assert.Contains("20,001", refusal.Message, StringComparison.Ordinal);
    }
}
