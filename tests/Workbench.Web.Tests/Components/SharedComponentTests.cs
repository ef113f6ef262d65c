using Microsoft.Extensions.DependencyInjection;
using Workbench.Data.Formats;
using Workbench.Language.Chat.Presets;
using Workbench.Web.Components.Pages.Datasets;
using Workbench.Web.Components.Pages.Runs;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Components;

public sealed class SharedComponentTests
{
    [Fact]
    public async Task A_problem_is_an_alert_with_message_remedy_and_place_as_plain_text()
    {
        var body = await Rendered.Async<ProblemAlert>(new() { ["Problem"] = new Problem("<b>bad</b>", "Do this.", "line 57") });
        var alert = body.QuerySelector("[role=alert]")!;
        Assert.Null(alert.QuerySelector("b"));
        Assert.Contains("<b>bad</b>", alert.TextContent, StringComparison.Ordinal);
        Assert.Contains("Do this.", alert.TextContent, StringComparison.Ordinal);
        Assert.Equal("line 57", alert.QuerySelector("code")!.TextContent);
    }

    [Fact]
    public async Task No_problem_is_no_alert() =>
        Assert.Null((await Rendered.Async<ProblemAlert>(new() { ["Problem"] = null })).QuerySelector("[role=alert]"));

    [Fact]
    public async Task Turns_are_plain_text_whatever_a_dataset_holds()
    {
        var body = await Rendered.Async<Conversation>(new() { ["Items"] = new[] { new Turn("user", "<script>alert(1)</script>", null) } });
        Assert.Null(body.QuerySelector("script"));
        Assert.Equal("<script>alert(1)</script>", body.QuerySelector(".turn-text")!.TextContent);
    }

    [Fact]
    public async Task Rows_kept_aside_show_number_and_reason()
    {
        var body = await Rendered.Async<BadRows>(new() { ["Items"] = new[] { new BadRow(57, "not valid JSON", "{") }, ["Total"] = 1200 });
        Assert.Equal(["57", "not valid JSON", "{"], body.QuerySelectorAll("tbody td").Select(cell => cell.TextContent));
        Assert.Equal("Kept aside: 1,200 rows", body.QuerySelector("h2")!.TextContent);
    }

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    public async Task The_pager_ends_where_the_pages_end(int page, bool first, bool last)
    {
        var body = await Rendered.Async<Pager>(new() { ["Page"] = page, ["Pages"] = 3 });
        Assert.Equal(first, body.QuerySelector("[aria-label='Previous page']")!.HasAttribute("disabled"));
        Assert.Equal(last, body.QuerySelector("[aria-label='Next page']")!.HasAttribute("disabled"));
    }

    [Fact]
    public async Task Every_run_state_has_a_badge_that_names_it()
    {
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            var body = await Rendered.Async<StatusBadge>(new() { ["Status"] = status });
            Assert.EndsWith(status.ToString().ToLowerInvariant(), body.TextContent.Trim(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Presets_and_saved_templates_can_be_chosen_and_resolved()
    {
        await using var services = await TestServices.StartAsync();
        var templates = services.Get<TemplateService>();
        var saved = await templates.SaveAsync("mine", "{{ 1 }}", TestContext.Current.CancellationToken);
        var body = await Rendered.Async<TemplateSelect>(new() { ["Value"] = TemplateChoice.Model }, collection => collection.AddSingleton(templates));
        var choices = body.QuerySelectorAll("option").Select(option => option.GetAttribute("value")!).ToList();
        Assert.Equal(ChatPresets.All.Count + 2, choices.Count);
        Assert.Equal("{{ 1 }}", await templates.ResolveAsync(TemplateChoice.Saved(saved.Id), TestContext.Current.CancellationToken));
        Assert.Null(await templates.ResolveAsync(choices[0], TestContext.Current.CancellationToken));
        foreach (var choice in choices.Skip(1))
        {
            Assert.NotEmpty((await templates.ResolveAsync(choice, TestContext.Current.CancellationToken))!);
        }

        await Assert.ThrowsAsync<UserInputException>(() => templates.ResolveAsync("preset:nonesuch", TestContext.Current.CancellationToken));
    }
}
