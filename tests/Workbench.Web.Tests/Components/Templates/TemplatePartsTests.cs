using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using Workbench.Language.Chat.Lint;
using Workbench.Language.Chat.Presets;
using Workbench.Web.Components.Pages.Templates;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Components.Templates;

public sealed class TemplatePartsTests
{
    private static readonly Preview Good = new("ab", [new(1, "a", 0, 1, true, "said", false), new(2, "b", 1, 2, false, "header", true)], 1, ["odd"], null);
    private static readonly Preview Bad = new(null, [], 0, [], new PreviewProblem("template", "TemplateSyntaxError: unexpected 'end of template'", null, 3, null));

    [Fact]
    public async Task A_broken_template_keeps_the_last_rendering_marked_stale_and_names_the_line()
    {
        var body = await RenderAsync<TemplatePreview>(new() { ["Result"] = Bad, ["Good"] = Good, ["HasModel"] = true });
        Assert.Contains("template, line 3", body.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(body.QuerySelector(".prompt-area.stale"));
        Assert.Contains("Stale", body.QuerySelector(".stale-note")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_preview_counts_what_is_trained_and_is_not_stale()
    {
        var body = await RenderAsync<TemplatePreview>(new() { ["Result"] = Good, ["Good"] = Good, ["HasModel"] = true });
        Assert.Equal("trained 1 of 2", body.QuerySelector(".trained-count")!.TextContent);
        Assert.Null(body.QuerySelector(".stale"));
        Assert.Equal("odd", body.QuerySelector(".alert li")!.TextContent);
    }

    [Fact]
    public async Task Before_the_first_preview_the_page_says_that_it_is_loading() =>
        Assert.Equal("true", (await RenderAsync<TemplatePreview>(new() { ["Result"] = null, ["Good"] = null })).QuerySelector("section")!.GetAttribute("aria-busy"));

    [Fact]
    public async Task Without_a_tokenizer_only_the_roles_can_be_seen()
    {
        var text = new Preview("ab", [], 0, [], null);
        var body = await RenderAsync<TemplatePreview>(new() { ["Result"] = text, ["Good"] = text });
        Assert.Equal(["Tokens", "Mask", "Table"], body.QuerySelectorAll(".tabs button[disabled]").Select(button => button.TextContent));
    }

    [Theory]
    [InlineData("Plain", 2)]
    [InlineData("Tools", 4)]
    [InlineData("Multimodal", 2)]
    public async Task A_sample_is_shown_as_a_card_for_each_message(string name, int cards)
    {
        var sample = SampleConversations.All.Single(sample => sample.Name == name);
        var body = await RenderAsync<ConversationEditor>(new() { ["State"] = new WorkspaceState { Messages = sample.Messages, Tools = sample.Tools } });
        Assert.Equal(cards, body.QuerySelectorAll("article").Length);
        Assert.All(body.QuerySelectorAll("button:not([disabled])"), button => Assert.False(string.IsNullOrEmpty(button.GetAttribute("aria-label") ?? button.TextContent.Trim())));
    }

    [Fact]
    public async Task Messages_that_are_broken_json_say_so_in_place_of_the_cards()
    {
        var body = await RenderAsync<ConversationEditor>(new() { ["State"] = new WorkspaceState { Messages = "[{" } });
        Assert.Contains("not valid JSON", body.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_sample_renders_with_a_preset_that_takes_it()
    {
        await using var services = await TestServices.StartAsync();
        foreach (var sample in SampleConversations.All.Where(sample => sample.Name != "Multimodal"))
        {
            var preview = await services.Get<PreviewService>().PreviewAsync(
                new WorkspaceState { Template = ChatPresets.Find("qwen")!.Template, Messages = sample.Messages, Tools = sample.Tools, Kwargs = sample.Kwargs }.ToRequest());
            Assert.True(preview.Problem is null, $"{sample.Name}: {preview.Problem?.Message}");
        }
    }

    [Fact]
    public async Task Findings_show_rule_message_fix_and_a_way_to_their_line()
    {
        await using var services = await TestServices.StartAsync();
        var findings = new[] { new LintFinding("double-bos", LintSeverity.Warning, "Two <s>.", "Why.", "Drop one.") { Line = 3 } };
        var body = await Rendered.Async<FindingsPanel>(
            new() { ["Findings"] = findings, ["State"] = new WorkspaceState() }, collection => collection.AddSingleton(services.Get<LintService>()));
        Assert.Equal("1", body.QuerySelector("[role=status]")!.TextContent);
        Assert.Equal("double-bos", body.QuerySelector("summary code")!.TextContent);
        Assert.Contains("Drop one.", body.QuerySelector("details")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Go to line 3", body.QuerySelector("details button")!.TextContent);
    }

    [Fact]
    public async Task The_lesson_says_when_nothing_would_be_learnt()
    {
        var nothing = new Preview("a", [new(1, "a", 0, 1, false, "", false)], 0, [], null) { Bands = [new RoleBand(0, 1, "user", 0)] };
        Assert.Contains("no token is trained", (await Rendered.Async<LearnPanel>(new() { ["Shown"] = nothing })).TextContent, StringComparison.Ordinal);
        Assert.Contains("Without it", (await Rendered.Async<LearnPanel>(new() { ["Shown"] = null })).TextContent, StringComparison.Ordinal);
    }

    private static Task<AngleSharp.Dom.IElement> RenderAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent => Rendered.Async<T>(parameters, services => services.AddSingleton<IJSRuntime, NoBrowser>());

    /// <summary>Static rendering never calls the browser; what does fails its test.</summary>
    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args) => throw new InvalidOperationException(identifier);

        public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) => throw new InvalidOperationException(identifier);
    }
}
