using Microsoft.Playwright;

namespace Workbench.Browser.Tests;

/// <summary>One Chromium for all browser tests; each test opens its own context, so that none sees another's state.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string[] Candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        var executable = Environment.GetEnvironmentVariable("WORKBENCH_CHROMIUM") ?? Array.Find(Candidates, File.Exists);
        if (executable is null)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            // No sandbox inside containers; the rest keeps Chromium from looking for hosts that an offline machine lacks.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>A new page in a context of its own; skips the test where no Chromium is installed.</summary>
    public async Task<IPage> NewPageAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(browser is null, "needs Chromium (apt-get install chromium, or WORKBENCH_CHROMIUM)");
        var context = await browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
        });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
