using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>The template workbench as its users work: paste, break, repair, ask where a character came from, choose what is trained.</summary>
public sealed class TemplatesPageTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    /// <summary>ChatML as most model folders carry it, written out here so that a clone alone can run the test.</summary>
    private const string Pasted =
        """
        {% for message in messages %}
        {{ '<|im_start|>' + message['role'] + '\n' }}
        {%- if message.content is string %}
        {{- message['content'] }}
        {%- endif %}
        {{- '<|im_end|>' + '\n' }}
        {%- endfor %}
        {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """;

    [Fact]
    public async Task A_real_template_is_pasted_broken_repaired_traced_and_masked()
    {
        var root = Directory.CreateTempSubdirectory("workbench-templates-").FullName;
        try
        {
            await using var workbench = await WorkbenchProcess.StartAsync();
            var page = await chromium.NewPageAsync();
            page.SetDefaultTimeout(30_000);
            await AddModelAsync(page, workbench, StarterModel.CopyTo(root, "words"));
            await page.GotoAsync(new Uri(workbench.Address, "templates").ToString());
            await PasteBreakAndRepairAsync(page);
            await TraceAsync(page);
            await MaskAsync(page);
            await CardsAndJsonAsync(page);
            await LinkAsync(page);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_template_of_a_released_model_names_the_line_that_a_slip_broke()
    {
        var template = (await File.ReadAllTextAsync(Shared.Require("corpus/templates/llama.cpp/Qwen-Qwen2.5-7B-Instruct.jinja"))).Replace("\r", "", StringComparison.Ordinal);
        await using var workbench = await WorkbenchProcess.StartAsync();
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        await page.GotoAsync(new Uri(workbench.Address, "templates").ToString());
        await Expect(Prompt(page)).ToContainTextAsync("brave mouse");
        await PasteAsync(page, template);
        await Expect(Prompt(page)).ToContainTextAsync("You are Qwen, created by Alibaba Cloud."); // the template's own system message

        var lines = template.Split('\n');
        var end = Array.FindLastIndex(lines, line => line.Contains("endfor", StringComparison.Ordinal)); // from 0
        await PasteAsync(page, string.Join('\n', lines.Where((_, line) => line != end - 1)));
        await Expect(page.Locator(".field-fault")).ToContainTextAsync($"Line {end}"); // the endfor, which meets an open if; from 1
        await Expect(page.Locator(".stale-note")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".stale-note")).ToHaveCountAsync(0);
    }

    private static async Task PasteAsync(IPage page, string template)
    {
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Template text" }).ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync(template);
    }

    private static async Task AddModelAsync(IPage page, WorkbenchProcess workbench, string folder)
    {
        await page.GotoAsync(new Uri(workbench.Address, "models").ToString());
        await page.GetByLabel("Model folder").FillAsync(folder);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "words", Exact = true })).ToBeVisibleAsync();
    }

    private static async Task PasteBreakAndRepairAsync(IPage page)
    {
        var prompt = Prompt(page);
        await Expect(prompt).ToContainTextAsync("User:"); // the plain preset, for a model without a template
        await PasteAsync(page, Pasted);
        await Expect(prompt).ToContainTextAsync("<|im_start|>user");
        await Expect(page.GetByLabel("Start from")).ToHaveValueAsync("");

        await page.Keyboard.PressAsync("Control+Home");
        await page.Keyboard.InsertTextAsync("{{ messages | nosuchfilter }}\n");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nosuchfilter");
        await Expect(page.Locator(".cm-lintRange-error").First).ToContainTextAsync("nosuchfilter");
        await Expect(page.Locator(".field-fault")).ToContainTextAsync("Line 1");
        await Expect(page.Locator(".stale-note")).ToBeVisibleAsync();
        await Expect(prompt).ToContainTextAsync("<|im_start|>user");

        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".stale-note")).ToHaveCountAsync(0);
    }

    /// <summary>By pointer and by keyboard, a piece of an answer names its message and marks it in both editors.</summary>
    private static async Task TraceAsync(IPage page)
    {
        var origin = page.GetByRole(AriaRole.Status, new() { Name = "Origin" });
        await page.GetByRole(AriaRole.Button, new() { Name = "JSON", Exact = true }).ClickAsync();
        var answer = page.Locator(".band.role-assistant .piece.from-message").Last;
        await answer.HoverAsync();
        await Expect(origin).ToContainTextAsync("message 1 · content");
        await Expect(origin).ToContainTextAsync("template line");
        var inTemplate = page.Locator(".cm-editor").First.Locator(".cm-origin").First;
        await Expect(inTemplate).ToContainTextAsync("content");
        var json = page.Locator(".cm-editor", new() { Has = page.GetByRole(AriaRole.Textbox, new() { Name = "Messages" }) });
        await Expect(json.Locator(".cm-origin")).ToContainTextAsync("Once upon a time");

        await page.Mouse.MoveAsync(2, 2);
        await Expect(json.Locator(".cm-origin")).ToHaveCountAsync(0);
        await Prompt(page).FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator(".piece.active")).ToHaveCountAsync(1);
        await Expect(origin).ToContainTextAsync("template line");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".piece.active")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cards", Exact = true }).ClickAsync();
    }

    private static async Task MaskAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Mask", Exact = true }).ClickAsync();
        var prompt = Prompt(page);
        await Expect(prompt.Locator(".band.role-assistant .trained").First).ToBeVisibleAsync();
        await Expect(prompt.Locator(".band.role-user .trained")).ToHaveCountAsync(0);
        await page.GetByLabel("Train on").SelectOptionAsync("all");
        await Expect(prompt.Locator(".untrained")).ToHaveCountAsync(0);
        await page.GetByLabel("Train on").SelectOptionAsync("generation-tags");
        await Expect(prompt.Locator(".trained")).ToHaveCountAsync(0);

        // One click puts the tags in, and what they train is the answer.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add generation tags" }).ClickAsync();
        await Expect(page.Locator(".cm-editor").First).ToContainTextAsync("endgeneration");
        await Expect(prompt.Locator(".band.role-assistant .trained").First).ToBeVisibleAsync();
        await Expect(prompt.Locator(".band.role-user .trained")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Table", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Token table" }).GetByRole(AriaRole.Cell, new() { Name = "-100", Exact = true }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roles", Exact = true }).ClickAsync();
    }

    /// <summary>What a card changes the JSON shows, and the other way round.</summary>
    private static async Task CardsAndJsonAsync(IPage page)
    {
        await page.GetByLabel("Content of message 0").FillAsync("Wer bist du?");
        await Expect(Prompt(page)).ToContainTextAsync("Wer bist du?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move message 0 down" }).ClickAsync();
        await Expect(page.GetByLabel("Content of message 1")).ToHaveValueAsync("Wer bist du?");
        await Expect(page.GetByLabel("Role of message 1")).ToBeFocusedAsync(); // the last card's button for down is disabled
        await page.GetByLabel("Content of message 1").PressAsync("Alt+ArrowUp");
        await Expect(page.GetByLabel("Content of message 0")).ToHaveValueAsync("Wer bist du?");
        await Expect(page.GetByLabel("Content of message 0")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "JSON", Exact = true }).ClickAsync();
        var json = page.GetByRole(AriaRole.Textbox, new() { Name = "Messages" });
        await Expect(json).ToContainTextAsync("Wer bist du?");
        await json.ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync("""[{"role":"user","content":"From JSON"}]""");
        await Expect(Prompt(page)).ToContainTextAsync("From JSON");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cards", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Content of message 0")).ToHaveValueAsync("From JSON");
    }

    private static async Task LinkAsync(IPage page)
    {
        var before = await Prompt(page).InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("#s1=[A-Za-z0-9_-]+$"));
        var link = page.Url;
        await page.GotoAsync("about:blank");
        await page.GotoAsync(link);
        await Expect(page.GetByLabel("Content of message 0")).ToHaveValueAsync("From JSON");
        await Expect(Prompt(page)).ToContainTextAsync("From JSON"); // painted
        Assert.Equal(before, await Prompt(page).InnerTextAsync());
    }

    private static ILocator Prompt(IPage page) => page.GetByRole(AriaRole.Group, new() { Name = "Rendered prompt" });
}
