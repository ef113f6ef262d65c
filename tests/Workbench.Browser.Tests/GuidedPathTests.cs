using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>
/// The guided path from Home, through all five steps with the buttons that it offers, on an empty data folder. Fine-tuning takes one
/// pass over the rows in place of four, which is enough for the sums.
/// </summary>
public sealed class GuidedPathTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    private PageWords words = new("en");

    [Theory]
    [InlineData("en", "English")]
    [InlineData("zh-CN", "中文")]
    public async Task Five_steps_lead_from_the_base_model_to_a_measured_one(string language, string name)
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        await page.GotoAsync(workbench.Address.ToString());
        if (language != "en")
        {
            await page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
            words = new PageWords(language);
        }

        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
        await page.GetByRole(AriaRole.Button, new() { Name = words["Load the starter"] }).ClickAsync();
        await LookAsync(page, words["Open the template"], "/templates");
        await LookAsync(page, words["Open the data"], "/datasets/");
        await TrainAsync(page, new() { ["num_train_epochs"] = "1" });
        await TrainAsync(page, []);
        await page.GetByRole(AriaRole.Link, new() { Name = words["Open the comparison"] }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = string.Format(null, words["Pane {0}"], 3) })).ToBeVisibleAsync();

        await page.GotoAsync(workbench.Address.ToString());
        await Expect(page.GetByText(words["What happened:"])).ToHaveCountAsync(5);
        await Expect(page.Locator(".path-meter")).ToHaveCountAsync(15, new() { Timeout = 120_000 });
        var sums = page.GetByRole(AriaRole.Row).Filter(new() { HasText = words["Two-digit sums"] }).Locator("meter");
        Assert.Equal("0", await sums.First.GetAttributeAsync("value"));
        Assert.NotEqual("0", await sums.Nth(1).GetAttributeAsync("value"));
    }

    /// <summary>Opens the page of a station, where the strip says what to look at, and comes back to Home.</summary>
    private async Task LookAsync(IPage page, string action, string address)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = action }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains(address, StringComparison.Ordinal));
        await BackAsync(page);
    }

    /// <summary>Starts the run that is filled in, waits for its end, and comes back to Home.</summary>
    private async Task TrainAsync(IPage page, Dictionary<string, string> changes)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = words["Open the run, filled in"] }).First.ClickAsync();
        await Wizard.GoAsync(page, "Parameters", words);
        foreach (var (key, value) in changes)
        {
            await page.GetByLabel(key, new() { Exact = true }).FillAsync(value);
        }

        await Wizard.GoAsync(page, "Review", words);

        await page.GetByRole(AriaRole.Button, new() { Name = words["Start run"] }).ClickAsync();
        await Expect(page.Locator("[data-status=completed]").First).ToBeVisibleAsync(new() { Timeout = 180_000 });
        await BackAsync(page);
    }

    private async Task BackAsync(IPage page)
    {
        try
        {
            await Back(page);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"At {page.Url} the page says: {await page.Locator("body").InnerTextAsync()}", late);
        }
    }

    private Task Back(IPage page) => page.GetByRole(AriaRole.Complementary, new() { Name = words["Guided path"] })
        .GetByRole(AriaRole.Link, new() { Name = words["On with the path"] }).ClickAsync();
}
