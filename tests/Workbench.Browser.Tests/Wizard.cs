using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>The wizard of a new run.</summary>
internal static class Wizard
{
    /// <summary>Goes to a station by its name in English, and waits until it is there.</summary>
    /// <param name="page">The wizard's.</param>
    /// <param name="station">In English.</param>
    /// <param name="words">What the page says; null for English.</param>
    public static async Task GoAsync(IPage page, string station, PageWords? words = null)
    {
        words ??= new PageWords("en");
        var button = page.GetByRole(AriaRole.Navigation, new() { Name = words["Steps of the new run"] }).Locator("button").Filter(new() { HasText = words[station] });
        await button.ClickAsync();
        await Expect(button).ToHaveAttributeAsync("aria-current", "step");
    }
}
