using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>Chat, blind judging, notebook and command palette, used as a reader of their help texts would.</summary>
public sealed partial class ChatPageTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task One_model_is_asked_with_its_template_and_without_and_the_conversation_branches()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        using var http = new HttpClient { BaseAddress = workbench.Address };
        await Seeded.ModelAsync(http, StarterModel.Folder, "starter");
        var page = await OpenAsync(workbench, "/chat");
        var (with, without) = (Pane(page, 1), Pane(page, 2));
        await AskAsync(page, "Once upon a time");
        await Expect(without.Locator(".chat-prompt").First).ToHaveTextAsync("Once upon a time");
        await Expect(with.Locator(".chat-prompt").First).ToContainTextAsync("Once upon a time");
        Assert.NotEqual("Once upon a time", (await with.Locator(".chat-prompt").First.TextContentAsync())!.Trim());
        await Expect(with.Locator(".chat-state")).ToContainTextAsync("tokens/s");

        await TellsTokensAsync(page, without);
        await BranchesAsync(page, with);
        await CutAndContinuedAsync(page, without);
    }

    [Fact]
    public async Task A_blind_vote_counts_and_becomes_a_preference_row()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        using var http = new HttpClient { BaseAddress = workbench.Address };
        await Seeded.ModelAsync(http, StarterModel.Folder, "one");
        await Seeded.ModelAsync(http, StarterModel.CopyTo(workbench.DataFolder, "two"), "two");
        var page = await OpenAsync(workbench, "/chat/judge");
        await page.GetByLabel("Prompts, one a line").FillAsync("Once upon a time");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        var pair = page.GetByRole(AriaRole.Region, new() { Name = "The pair" });
        await Expect(pair.GetByRole(AriaRole.Button, new() { Name = "A is better" })).ToBeEnabledAsync(new() { Timeout = 60_000 });
        await Expect(pair.Locator(".badge")).ToHaveCountAsync(0); // blind
        await Expect(pair).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("a");
        await Expect(pair.Locator(".badge")).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Ratings" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        var winner = await pair.Locator(".badge").First.TextContentAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Write 1 vote to the dataset" }).ClickAsync();
        var link = page.GetByRole(AriaRole.Link, new() { Name = "The dataset of votes" });
        var id = (await link.GetAttributeAsync("href"))!.Split('/')[^1];
        var row = (await http.GetFromJsonAsync<JsonElement>($"/api/datasets/{id}/rows", TestContext.Current.CancellationToken))[0];
        Assert.Equal((winner, "Once upon a time"), (row.GetProperty("chosen_model").GetString(), row.GetProperty("prompt")[0].GetProperty("content").GetString()));
    }

    [Fact]
    public async Task The_palette_leads_to_the_notebook_where_the_model_goes_on_with_a_text()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        using var http = new HttpClient { BaseAddress = workbench.Address };
        await Seeded.ModelAsync(http, StarterModel.Folder, "starter");
        var page = await OpenAsync(workbench, "/");
        await page.Keyboard.PressAsync("Control+k");
        var field = page.GetByRole(AriaRole.Combobox, new() { Name = "Go to a page, model, run or dataset, or do something" });
        var listed = page.GetByRole(AriaRole.Dialog, new() { Name = "Command palette" }).GetByRole(AriaRole.Option);
        await Expect(listed.First).ToBeVisibleAsync();
        await field.FillAsync("starter");
        await Expect(listed.First).ToContainTextAsync("starter");
        await field.FillAsync("note");
        await Expect(listed.First).ToContainTextAsync("Notebook");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Notebook" })).ToBeVisibleAsync(new() { Timeout = 30_000 });

        var text = page.GetByLabel("Text", new() { Exact = true });
        await text.FillAsync("Once upon a time");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(text).ToHaveValueAsync(Longer(), new() { Timeout = 60_000 });
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "What was added" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(text).ToHaveValueAsync("Once upon a time");
    }

    private async Task<IPage> OpenAsync(WorkbenchProcess workbench, string path)
    {
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        await page.GotoAsync(new Uri(workbench.Address, path).ToString());
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" })).ToBeEnabledAsync(); // interactive
        return page;
    }

    private static ILocator Pane(IPage page, int number) => page.GetByRole(AriaRole.Region, new() { Name = $"Pane {number}" });

    private static async Task AskAsync(IPage page, string question)
    {
        await page.GetByLabel("Message to all panes").FillAsync(question);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(page.Locator(".chat-text.tokens")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
    }

    /// <summary>The arrow keys lead through the answer; each token tells its probability and what else might have come.</summary>
    private static async Task TellsTokensAsync(IPage page, ILocator pane)
    {
        await pane.Locator(".chat-text.tokens").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        var bubble = page.Locator(".token-bubble.shown");
        await Expect(bubble).ToContainTextAsync("probability");
        await Expect(bubble.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(6);
        await page.Keyboard.PressAsync("Escape");
        await Expect(bubble).ToHaveCountAsync(0);
    }

    private static async Task BranchesAsync(IPage page, ILocator pane)
    {
        await pane.GetByRole(AriaRole.Button, new() { Name = "Regenerate" }).ClickAsync();
        await Expect(pane.GetByText("2/2")).ToBeVisibleAsync();
        await pane.GetByRole(AriaRole.Button, new() { Name = "Previous variant" }).ClickAsync();
        await Expect(pane.GetByText("1/2")).ToBeVisibleAsync();

        await pane.GetByRole(AriaRole.Button, new() { Name = "Edit" }).First.ClickAsync();
        await pane.GetByLabel("Changed text").FillAsync("Who are you?");
        await pane.GetByRole(AriaRole.Button, new() { Name = "Ask again" }).ClickAsync();
        await Expect(pane.Locator(".chat-prompt").First).ToContainTextAsync("Who are you?");
        await Expect(Pane(page, 2).Locator(".turn.user")).ToHaveTextAsync(new Regex("Once upon a time")); // the other pane keeps its own

        await pane.GetByRole(AriaRole.Button, new() { Name = "Branch into a new pane" }).Last.ClickAsync();
        await Expect(Pane(page, 3)).ToBeVisibleAsync();
        await Expect(Pane(page, 2).Locator(".turn.user")).ToContainTextAsync("Who are you?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close pane 2" }).ClickAsync();
        await Expect(Pane(page, 3)).ToHaveCountAsync(0);
    }

    private static async Task CutAndContinuedAsync(IPage page, ILocator pane)
    {
        await page.GetByText("Sampling", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("max_tokens").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
        await AskAsync(page, "Once upon a time");
        await Expect(pane.Locator(".chat-state")).ToContainTextAsync("Cut at max_tokens");
        var cut = await pane.Locator(".chat-text").TextContentAsync();
        await pane.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(pane.Locator(".chat-text .token")).ToHaveCountAsync(6);
        Assert.StartsWith(cut!, await pane.Locator(".chat-text").TextContentAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("^Once upon a time.+", RegexOptions.Singleline)]
    private static partial Regex Longer();
}
