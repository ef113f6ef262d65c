using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>What users get wrong, on the page where they do: a clear message, and nothing of theirs lost.</summary>
public sealed class BadInputTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task Every_bad_input_is_answered_on_its_page_and_loses_nothing()
    {
        var root = Directory.CreateTempSubdirectory("workbench-bad-").FullName;
        try
        {
            await using var workbench = await WorkbenchProcess.StartAsync();
            var page = await chromium.NewPageAsync();
            page.SetDefaultTimeout(30_000);
            await BrokenModelsAsync(page, workbench, root);
            await BrokenTemplateAsync(page, workbench);
            await BrokenLineAsync(page, workbench, root);
            await ModelThatBreaksLaterAsync(page, workbench, root);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task BrokenModelsAsync(IPage page, WorkbenchProcess workbench, string root)
    {
        await page.GotoAsync(At(workbench, "models"));
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Add a folder" });
        var broken = new (string Folder, string Named)[]
        {
            (Model(root, "no-weights", folder => File.Delete(Path.Combine(folder, "model.safetensors"))), "safetensors"),
            (Model(root, "truncated", Truncate), "model.safetensors"),
            (Model(root, "too-many-tokens", AddToken), "embedding"),
        };
        foreach (var (folder, named) in broken)
        {
            await form.GetByLabel("Model folder").FillAsync(folder);
            await form.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
            var alert = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = Path.GetFileName(folder) });
            await Expect(alert).ToContainTextAsync(named);
            await Expect(form.GetByLabel("Model folder")).ToHaveValueAsync(folder);
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = Path.GetFileName(folder), Exact = true })).ToHaveCountAsync(0);
        }
    }

    /// <summary>A syntax error is underlined and named, the last good rendering stays and is marked; repaired, all is well again.</summary>
    private static async Task BrokenTemplateAsync(IPage page, WorkbenchProcess workbench)
    {
        await page.GotoAsync(At(workbench, "templates"));
        await page.GetByLabel("Start from").SelectOptionAsync("preset:chatml");
        var prompt = page.GetByRole(AriaRole.Group, new() { Name = "Rendered prompt" });
        await Expect(prompt).ToContainTextAsync("<|im_start|>user");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Template text" });
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.InsertTextAsync("\n{% if %}");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("TemplateSyntaxError");
        await Expect(page.Locator(".stale-note")).ToBeVisibleAsync();
        await Expect(prompt).ToContainTextAsync("<|im_start|>user");
        await Expect(page.Locator(".cm-lintRange-error").First).ToHaveTextAsync("{% if %}");
        await page.ScreenshotAsync(new() { Path = Photograph("bad-template.png") });

        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".stale-note")).ToHaveCountAsync(0);
        await Expect(page.Locator(".cm-lintRange-error")).ToHaveCountAsync(0);
    }

    private static async Task BrokenLineAsync(IPage page, WorkbenchProcess workbench, string root)
    {
        var file = Path.Combine(root, "line57.jsonl");
        File.WriteAllLines(file, Enumerable.Range(1, 100).Select(line =>
            $$$"""{"messages":[{"role":"user","content":"Question {{{line}}}"},{"role":"assistant","content":"Answer {{{line}}}"}]}"""[..(line == 57 ? 40 : ^0)]));
        await DatasetSteps.ImportAsync(page, workbench, file);
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the rows" }).ClickAsync();
        var bad = page.GetByRole(AriaRole.Region).Filter(new() { HasText = "Kept aside: 1 row" }).Last;
        await Expect(bad.GetByRole(AriaRole.Cell, new() { Name = "57", Exact = true })).ToBeVisibleAsync();
        await Expect(bad).ToContainTextAsync("not valid JSON");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("99");
        await page.ScreenshotAsync(new() { Path = Photograph("bad-line.png") });

        await page.GetByRole(AriaRole.Button, new() { Name = "Repair line 57" }).ClickAsync();
        var text = page.GetByLabel("Line 57 as it should be");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not valid JSON");
        await text.FillAsync("""{"messages":[{"role":"user","content":"Question 57"},{"role":"assistant","content":"Answer 57"}]}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a version with 1 row more" }).ClickAsync();
        await Expect(page.GetByText("Version 2 of 1 line repaired by hand")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("100");
    }

    /// <summary>A model that was good when it was added: chat and a run say what has become of it.</summary>
    private static async Task ModelThatBreaksLaterAsync(IPage page, WorkbenchProcess workbench, string root)
    {
        var folder = Model(root, "breaks-later", _ => { });
        await page.GotoAsync(At(workbench, "models"));
        await page.GetByLabel("Model folder").FillAsync(folder);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "breaks-later", Exact = true })).ToBeVisibleAsync();
        Truncate(folder);

        await page.GotoAsync(At(workbench, "chat"));
        await page.GetByLabel("Message to all panes").FillAsync("Hello");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        var pane = page.GetByRole(AriaRole.Region, new() { Name = "Pane 1" });
        await Expect(pane.GetByRole(AriaRole.Alert)).ToContainTextAsync("model.safetensors");
        await Expect(pane.GetByText("Hello")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Photograph("bad-chat.png") });

        await page.GotoAsync(At(workbench, "runs/new"));
        await Wizard.GoAsync(page, "Review");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await Expect(page.Locator("[data-status]").First).ToHaveAttributeAsync("data-status", "failed", new() { Timeout = 60_000 });
        await Expect(page.Locator(".alert.danger")).ToContainTextAsync("model.safetensors");
        await page.ScreenshotAsync(new() { Path = Photograph("bad-run.png") });
    }

    /// <summary>A copy of the starter's model, spoilt.</summary>
    private static string Model(string root, string name, Action<string> spoil)
    {
        var folder = StarterModel.CopyTo(root, name);
        spoil(folder);
        return folder;
    }

    private static void Truncate(string folder)
    {
        using var file = File.OpenWrite(Path.Combine(folder, "model.safetensors"));
        file.SetLength(file.Length / 2);
    }

    private static void AddToken(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["added_tokens"]!.AsArray().Add(new JsonObject
        {
            ["id"] = 5000, ["content"] = "<|extra|>", ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
        });
        File.WriteAllText(path, json.ToJsonString());
    }

    private static string At(WorkbenchProcess workbench, string path) => new Uri(workbench.Address, path).ToString();

    /// <summary>Kept beside the other results, to be looked at.</summary>
    private static string Photograph(string name) => Path.Combine(Shared.Root, "artifacts", "test-results", name);
}
