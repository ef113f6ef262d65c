using Workbench.Language.Chat.Presets;
using Workbench.Web.Components.Pages.Templates;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Components.Templates;

public sealed class PromptPaintTests
{
    private const string Conversation = """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]""";

    [Theory]
    [InlineData("chatml", "system:<|im_start|>system\nBe brief.<|im_end|>\n", "user:<|im_start|>user\nHi<|im_end|>\n", "assistant:<|im_start|>assistant\nHello<|im_end|>\n", "prompt:<|im_start|>assistant\n")]
    [InlineData("llama-3", "template:<s>", "system:<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>", "user:<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>", "assistant:<|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|>", "prompt:<|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("zephyr", "system:<|system|>\nBe brief.</s>\n", "user:<|user|>\nHi</s>\n", "assistant:<|assistant|>\nHello</s>\n", "prompt:<|assistant|>\n")]
    public async Task Text_between_messages_is_cut_where_the_next_turn_begins(string preset, params string[] bands)
    {
        await using var services = await TestServices.StartAsync();
        var preview = await services.Get<PreviewService>().PreviewAsync(
            new PreviewRequest(ChatPresets.Find(preset)!.Template, Conversation, AddGenerationPrompt: true));
        Assert.Null(preview.Problem);
        Assert.Equal(bands, preview.Bands.Select(band => $"{band.Role}:{preview.Text![band.Start..band.End]}"));
    }

    [Fact]
    public async Task Pieces_cover_the_text_and_each_has_one_origin_one_token_and_one_turn()
    {
        var folder = Shared.Require(BrokenModels.Good);
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(folder);
        var preview = await services.Get<PreviewService>().PreviewAsync(new PreviewRequest(ChatPresets.Find("plain")!.Template, Conversation, model.Id));
        var paint = PromptPaint.Of(preview);
        Assert.Equal(preview.Text, string.Concat(paint.Pieces.Select(piece => paint.Text[piece.Start..piece.End])));
        Assert.All(paint.Pieces, piece =>
        {
            var token = paint.Tokens[piece.Token];
            Assert.True(token.Start <= piece.Start && piece.End <= token.End);
            Assert.InRange(piece.Start, paint.Origins[piece.Origin].Start, paint.Origins[piece.Origin].End - 1);
            Assert.InRange(piece.Start, paint.Bands[piece.Band].Start, paint.Bands[piece.Band].End - 1);
        });
        Assert.Contains(paint.Tokens, token => token is { Special: true, Text: "</s>" });
    }

    [Fact]
    public void A_text_too_long_to_paint_is_cut_and_stays_consistent()
    {
        var text = new string('x', PromptPaint.MostCharacters + 5);
        var whole = PromptPaint.Of(new Preview(text, [], 0, [], null));
        Assert.Equal(PromptPaint.MostCharacters, whole.Text.Length);
        var tokens = Enumerable.Range(0, text.Length).Select(i => new PreviewToken(1, "x", i, i + 1, false, "", false)).ToList();
        var cut = PromptPaint.Of(new Preview(text, tokens, 0, [], null));
        Assert.Equal(PromptPaint.MostPieces, cut.Pieces.Count);
        Assert.Equal(cut.Text.Length, cut.Tokens.Count);
    }
}
