using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class PreviewServiceTests
{
    private const string Hello = """[{"role":"user","content":"Hello"}]""";

    [Theory]
    [InlineData("a\n{% if %}", Hello, "template", 2)]
    [InlineData("a", "[\n{]", "messages", 2)]
    public async Task A_fault_is_answered_with_its_input_and_line(string template, string messages, string source, int line)
    {
        await using var services = await TestServices.StartAsync();
        var preview = await services.Get<PreviewService>().PreviewAsync(new PreviewRequest(template, messages));
        Assert.Null(preview.Text);
        Assert.Equal((source, line), (preview.Problem!.Source, preview.Problem.Line));
    }

    [Fact]
    public async Task A_model_that_is_gone_is_said_to_be_gone()
    {
        await using var services = await TestServices.StartAsync();
        var preview = await services.Get<PreviewService>().PreviewAsync(new PreviewRequest("a", Hello, "nothing"));
        Assert.Equal("model", preview.Problem!.Source);
    }

    [Fact]
    public async Task Text_is_cut_into_the_models_tokens_with_their_places()
    {
        var folder = Shared.Require(BrokenModels.Good);
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(folder);
        var preview = await services.Get<PreviewService>().PreviewAsync(new PreviewRequest("Once upon a time", Hello, model.Id));
        Assert.Equal("Once upon a time", preview.Text);
        // The golden file's ids of a text that begins so; its first (1) is the special token that a template would write itself.
        Assert.Equal([403, 407, 261, 378], preview.Tokens.Select(token => token.Id));
        Assert.Equal("Once upon a time", string.Concat(preview.Tokens.Select(token => preview.Text![token.Start..token.End])));
    }
}
