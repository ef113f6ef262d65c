using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>axe-core (npm, <c>./workbench test</c> installs it) with all its rules on every page, light and dark: no violation.</summary>
public sealed class AccessibilityTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    private static readonly string[] Fixed =
        ["/", "/models", "/datasets", "/runs", "/runs/new", "/runs/compare", "/templates", "/chat", "/chat/judge", "/chat/notebook", "/nowhere"];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_page_violates_a_rule(ColorScheme scheme)
    {
        var axe = Path.Combine(Shared.Root, "tests", "npm", "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(axe), "needs the npm package axe-core: run ./workbench test, which installs it where npm is");
        await using var workbench = await WorkbenchProcess.StartAsync();
        using var http = new HttpClient { BaseAddress = workbench.Address };
        var model = await Seeded.ModelAsync(http, StarterModel.Folder, "starter");
        await Seeded.ModelAsync(http, StarterModel.CopyTo(workbench.DataFolder, "other"), "other");
        var dataset = await Seeded.DatasetAsync(http, "greetings.jsonl", Row("Hi"), Row("Bye"));
        var run = await Seeded.RunAsync(http, model, dataset);

        var page = await chromium.NewPageAsync(scheme: scheme);
        var found = new List<string>();
        foreach (var path in Fixed.Concat([$"/models/{model}", $"/models/{model}/tokenizer", $"/datasets/{dataset}", $"/datasets/{dataset}/statistics",
            $"/datasets/{dataset}/recipe", $"/datasets/{dataset}/review", $"/datasets/{dataset}/versions", $"/datasets/{dataset}/rows/1", $"/runs/{run}"]))
        {
            await page.GotoAsync(new Uri(workbench.Address, path).ToString());
            // Interactive and loaded: the theme's switch works, and no spinner turns.
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" })).ToBeEnabledAsync();
            await Expect(page.Locator("main .loading")).ToHaveCountAsync(0);
            if (path == "/chat")
            {
                await OpenEverythingAsync(page);
            }

            found.AddRange(await ViolationsAsync(page, axe, path));
        }

        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Command palette" }).GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        found.AddRange(await ViolationsAsync(page, axe, "the command palette"));
        Assert.Equal([], found);
    }

    private static object Row(string text) => new { messages = new[] { new { role = "user", content = text }, new { role = "assistant", content = text + "!" } } };

    /// <summary>An answer with coloured tokens, and all that can be unfolded, unfolded.</summary>
    private static async Task OpenEverythingAsync(IPage page)
    {
        await page.GetByLabel("Message to all panes").FillAsync("Once upon a time");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(page.Locator(".chat-text.tokens")).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        foreach (var summary in await page.Locator("main summary").AllAsync())
        {
            await summary.ClickAsync();
        }

        await page.GetByLabel("Colour the tokens by").SelectOptionAsync("by-entropy");
    }

    private static async Task<IEnumerable<string>> ViolationsAsync(IPage page, string axe, string place)
    {
        await page.AddScriptTagAsync(new() { Path = axe });
        var result = await page.EvaluateAsync<JsonElement>("() => axe.run().then(result => result.violations.map(rule => [rule.id, rule.nodes[0].html, rule.nodes[0].failureSummary]))");
        return result.EnumerateArray().Select(rule => $"{place}: {rule[0]} {rule[1]} {rule[2]}");
    }
}
