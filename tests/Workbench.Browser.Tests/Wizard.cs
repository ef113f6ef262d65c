using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>The wizard of a new run.</summary>
internal static class Wizard
{
    /// <summary>Goes to a station by its name in English, and waits until it is there.</summary>
    public static async Task GoAsync(IPage page, string station)
    {
        var button = page.GetByRole(AriaRole.Navigation, new() { Name = "Steps of the new run" }).Locator("button").Filter(new() { HasText = station });
        await button.ClickAsync();
        await Expect(button).ToHaveAttributeAsync("aria-current", "step");
    }
}
