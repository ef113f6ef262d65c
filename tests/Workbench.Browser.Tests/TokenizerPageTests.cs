using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>The tokenizer's view of a model.</summary>
public sealed class TokenizerPageTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task A_vocabulary_is_searched_and_a_text_is_split()
    {
        var root = Directory.CreateTempSubdirectory("workbench-tokenizer-").FullName;
        try
        {
            await using var workbench = await WorkbenchProcess.StartAsync();
            var page = await chromium.NewPageAsync();
            page.SetDefaultTimeout(30_000);
            await page.GotoAsync(new Uri(workbench.Address, "models").ToString());
            await page.GetByLabel("Model folder").FillAsync(StarterModel.CopyTo(root, "words"));
            await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "words", Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Tokenizer", Exact = true }).ClickAsync();

            await page.GetByRole(AriaRole.Searchbox).FillAsync("</s>");
            await Expect(page.GetByLabel("Tokens found").GetByRole(AriaRole.Row)).ToHaveCountAsync(2); // the head and the token
            await page.GetByLabel("Text to split").FillAsync("Once 7");
            await Expect(page.GetByLabel("Tokens of this tokenizer")).ToContainTextAsync("7");
            await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Added tokens" })).ToContainTextAsync("bos");
            await Expect(page.GetByLabel("Bytes per token by language")).ToContainTextAsync("Hindi");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
