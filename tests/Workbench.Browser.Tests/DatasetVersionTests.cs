using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>A dataset's history from its page: versions made, checked, branched from, taken back, let go and brought back; rows found by a column.</summary>
public sealed class DatasetVersionTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task Versions_are_checked_branched_taken_back_and_let_go()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        var file = Path.Combine(Path.GetTempPath(), $"workbench-{Guid.NewGuid():N}.jsonl");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 60).Select(i => $$"""{"prompt":"What is {{i % 50}} + 1?","completion":"{{(i % 50) + 1}}","level":{{i % 5}}}"""), TestContext.Current.CancellationToken);
        await DatasetSteps.ImportAsync(page, workbench, file);
        File.Delete(file);
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the rows" }).ClickAsync();

        // Rows by a column.
        await page.GetByText("Filter by a column").ClickAsync();
        await page.GetByLabel("Column", new() { Exact = true }).FillAsync("level");
        await page.GetByLabel("Condition", new() { Exact = true }).SelectOptionAsync("is greater than");
        await page.GetByLabel("Value", new() { Exact = true }).FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();
        await Expect(page.GetByText("12 of 60 rows")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Take away: level>3" }).ClickAsync();
        await Expect(page.GetByText("12 of 60 rows")).ToBeHiddenAsync();

        // A version, and a branch from the first.
        await MakeAsync(page, "Recipe", "exact_dedup");
        await OpenAsync(page, "Versions");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check version 2: make it again and compare" }).ClickAsync();
        await Expect(page.GetByText("made again, byte for byte the same")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Go on from version 1" }).ClickAsync();
        await Expect(page.GetByText("The rows of version 1 are what it starts from.")).ToBeVisibleAsync();
        await MakeAsync(page, null, "exact_dedup");
        await OpenAsync(page, "Versions");
        var third = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = "Take back version 3" }) });
        await Expect(third).ToContainTextAsync("version 1");

        // Rows of the older one go, and come back.
        await page.GetByRole(AriaRole.Button, new() { Name = "Let rows go of version 2" }).ClickAsync();
        await ConfirmAsync(page, "Let rows go");
        await Expect(page.GetByText("rows let go")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring back version 2: make it again" }).ClickAsync();
        await Expect(page.GetByText("rows let go")).ToBeHiddenAsync();

        // The newest is taken back; pressing Cancel first takes nothing.
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back version 3" }).ClickAsync();
        await ConfirmAsync(page, "Cancel");
        await Expect(third).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back version 3" }).ClickAsync();
        await ConfirmAsync(page, "Take back");
        await Expect(third).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take back version 2" })).ToBeVisibleAsync();
    }

    private static Task OpenAsync(IPage page, string view) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Views of the dataset" }).GetByRole(AriaRole.Link, new() { Name = view, Exact = true }).ClickAsync();

    private static Task ConfirmAsync(IPage page, string button) => page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static async Task MakeAsync(IPage page, string? view, string step)
    {
        if (view is not null)
        {
            await OpenAsync(page, view);
        }

        await page.GetByLabel("Operator").SelectOptionAsync(step);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add step" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make version" }).ClickAsync();
        await Expect(page.GetByText("removes 10")).ToBeVisibleAsync();
    }
}
