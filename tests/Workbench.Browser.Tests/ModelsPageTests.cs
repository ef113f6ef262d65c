using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>Models from folder to file and away.</summary>
public sealed class ModelsPageTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task A_model_is_uploaded_exported_for_llama_cpp_and_deleted()
    {
        var root = Directory.CreateTempSubdirectory("workbench-models-").FullName;
        try
        {
            await using var workbench = await WorkbenchProcess.StartAsync();
            var page = await chromium.NewPageAsync();
            page.SetDefaultTimeout(30_000);
            await page.GotoAsync(new Uri(workbench.Address, "models").ToString());
            await page.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
            await Expect(page.GetByLabel("Files of the model")).ToBeEnabledAsync();
            await page.GetByLabel("Name").FillAsync("words");
            await page.GetByLabel("Name").PressAsync("Tab");
            await page.GetByLabel("Files of the model").SetInputFilesAsync(Directory.GetFiles(StarterModel.CopyTo(root, "words")));
            await Expect(page.GetByText("words is added")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "words", Exact = true }).ClickAsync();

            await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Origin" })).ToContainTextAsync("an upload");
            await page.GetByLabel("Weights", new() { Exact = true }).SelectOptionAsync("Q8_0");
            await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
            var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Save ") }).ClickAsync());
            var file = await File.ReadAllBytesAsync((await saved.PathAsync())!, TestContext.Current.CancellationToken);
            Assert.Equal("GGUF", Encoding.ASCII.GetString(file[..4]));

            await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("and its files in");
            await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Models", Level = 1 })).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = "words", Exact = true })).ToHaveCountAsync(0);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_name_that_is_no_models_is_refused_with_what_to_write()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        await page.GotoAsync(new Uri(workbench.Address, "models").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Hub or ModelScope" }).ClickAsync();
        await page.GetByLabel("Model id or address").FillAsync("../etc");
        await page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is no model's id");
    }
}
