using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>An adapter from the form to the chat: switched on, corrected, trained, shown beneath its model, asked, and merged.</summary>
public sealed class AdapterPathTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task An_adapter_is_trained_asked_and_merged()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var data = Directory.CreateTempSubdirectory("workbench-adapter-").FullName;
        try
        {
            await WorkbenchCommand.RunAsync("starter", "data", "--output", data);
            var page = await chromium.NewPageAsync();
            page.SetDefaultTimeout(30_000);
            await AddAsync(page, workbench, data);
            await StartAsync(page, workbench);
            await Expect(page.Locator("[data-status]").First).ToHaveAttributeAsync("data-status", "completed", new() { Timeout = 120_000 });
            await AskAsync(page, workbench);
            await MergeAsync(page, workbench);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task AddAsync(IPage page, WorkbenchProcess workbench, string data)
    {
        await page.GotoAsync(new Uri(workbench.Address, "/models").ToString());
        await page.GetByLabel("Model folder").FillAsync(StarterModel.Folder);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).GetByText("is added")).ToBeVisibleAsync();
        await DatasetSteps.ImportAsync(page, workbench, Path.Combine(data, "starter_sft.jsonl"));
    }

    private static async Task StartAsync(IPage page, WorkbenchProcess workbench)
    {
        await page.GotoAsync(new Uri(workbench.Address, "/runs/new").ToString());
        await Wizard.GoAsync(page, "Method");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "use_peft" }).CheckAsync();
        var rank = page.GetByLabel("lora_r", new() { Exact = true });
        await rank.FillAsync("0");
        await Expect(page.GetByText("lora_r must be from 1 to 4096")).ToBeVisibleAsync();
        await rank.FillAsync("8");
        await Expect(page.GetByText("lora_r must be from 1 to 4096")).ToHaveCountAsync(0);
        await Wizard.GoAsync(page, "Template");
        await page.GetByLabel("Chat template").SelectOptionAsync(new SelectOptionValue { Value = "preset:plain" });
        await Wizard.GoAsync(page, "Parameters");
        await page.GetByLabel("max_steps", new() { Exact = true }).FillAsync("12");
        await page.GetByLabel("max_length", new() { Exact = true }).FillAsync("128");
        await Wizard.GoAsync(page, "Review");
        await page.GetByLabel("Run name").FillAsync("small adapter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/runs/", StringComparison.Ordinal) && !url.EndsWith("/new", StringComparison.Ordinal));
    }

    /// <summary>Beneath its model in the list; in the chat it is asked with its template and without.</summary>
    private static async Task AskAsync(IPage page, WorkbenchProcess workbench)
    {
        await page.GotoAsync(new Uri(workbench.Address, "/models").ToString());
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Models" }).GetByRole(AriaRole.Row);
        await Expect(rows.Nth(2)).ToContainTextAsync("small adapter");
        await Expect(rows.Nth(2)).ToContainTextAsync("r 8, alpha 32, all-linear");
        await page.GetByRole(AriaRole.Link, new() { Name = "small adapter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Chat", Exact = true }).Last.ClickAsync();
        var tuned = page.GetByRole(AriaRole.Region, new() { Name = "Pane 1" });
        await Expect(tuned.GetByRole(AriaRole.Heading, new() { Name = "small adapter" })).ToBeVisibleAsync();
        await page.GetByText("Sampling", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("max_tokens").FillAsync("16");
        await page.GetByLabel("Message to all panes").FillAsync("Tell me a story about a cat.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(tuned.Locator(".chat-prompt")).ToContainTextAsync("Tell me a story about a cat.");
        await Expect(tuned.Locator(".chat-state")).ToContainTextAsync("token", new() { Timeout = 60_000 });
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    private static async Task MergeAsync(IPage page, WorkbenchProcess workbench)
    {
        await page.GotoAsync(new Uri(workbench.Address, "/models").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "small adapter" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Merge" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "the merged model" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("small adapter (merged)");
    }
}
