using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>What several paths do on the page of datasets.</summary>
internal static class DatasetSteps
{
    /// <summary>Chooses a file, sees what it is recognised as, imports it; ends where its rows are linked.</summary>
    public static async Task ImportAsync(IPage page, WorkbenchProcess workbench, string file)
    {
        await page.GotoAsync(new Uri(workbench.Address, "/datasets").ToString());
        var input = page.GetByLabel("Dataset file");
        await Expect(input).ToBeEnabledAsync(new() { Timeout = 30_000 });
        await input.SetInputFilesAsync(file);
        await Expect(page.GetByText("Recognised by its columns:")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Look at the rows" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }
}
