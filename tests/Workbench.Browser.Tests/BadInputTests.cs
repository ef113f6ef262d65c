using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>
/// What users get wrong, on the page where they do: the message names the place, nothing that was good is lost, and the page goes on.
/// </summary>
public sealed class BadInputTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-bad-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_template_with_a_syntax_error_is_marked_at_its_line_and_can_be_mended()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var page = await OpenAsync(workbench, "/templates");
        var editor = page.GetByRole(AriaRole.Textbox, new() { Name = "Template text" });

        await editor.FillAsync("{% for message in messages %}\n{{ message.content }}\n{% endfro %}");

        await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("endfro");
        await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("line 3", new() { IgnoreCase = true });
        await Expect(page.Locator(".cm-lintRange-error").First).ToBeVisibleAsync();

        await editor.FillAsync("{% for message in messages %}\nTELL {{ message.content }}\n{% endfor %}");

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Expect(page.GetByText("TELL").Last).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_broken_line_of_a_dataset_is_kept_aside_with_its_number_and_the_good_rows_stay()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var file = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllLines(file, Enumerable.Range(1, 100).Select(line => line == 57
            ? "{\"messages\":[{\"role\":\"user\",\"content\":\"cut off"
            : $$$"""{"messages":[{"role":"user","content":"Question {{{line}}}"},{"role":"assistant","content":"Answer {{{line}}}"}]}"""));
        var page = await OpenAsync(workbench, "/datasets");
        var input = page.GetByLabel("Dataset file");
        await Expect(input).ToBeEnabledAsync();

        await input.SetInputFilesAsync(file);

        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "99 rows imported, 1 line kept aside" })).ToBeVisibleAsync();
        var bad = page.GetByRole(AriaRole.Region, new() { Name = "List of bad lines" });
        await Expect(bad.GetByRole(AriaRole.Cell, new() { Name = "57", Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the rows" }).ClickAsync();
        await Expect(page.GetByText("Question 1", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_model_folder_that_cannot_be_used_is_refused_with_the_reason()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var page = await OpenAsync(workbench, "/models");

        await RefuseAsync(page, "without-weights", folder => File.Delete(Path.Combine(folder, "model.safetensors")), "safetensors");
        await RefuseAsync(page, "truncated", Truncate, "truncated");
        await RefuseAsync(page, "large-vocabulary", AddToken, "the embedding has only 768 rows");

        await Expect(page.GetByText("No model yet")).ToBeVisibleAsync();
        await AddAsync(page, StarterModel("whole", _ => { }));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "whole", Exact = true })).ToBeVisibleAsync();
    }

    private async Task RefuseAsync(IPage page, string name, Action<string> damage, string reason)
    {
        await AddAsync(page, StarterModel(name, damage));
        var alert = page.GetByRole(AriaRole.Form, new() { Name = "Add a model" }).GetByRole(AriaRole.Alert);
        await Expect(alert).ToContainTextAsync(name);
        await Expect(alert).ToContainTextAsync(reason);
    }

    private static async Task AddAsync(IPage page, string folder)
    {
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Add a model" });
        await form.GetByLabel("Model folder").FillAsync(folder);
        await form.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
    }

    /// <summary>A copy of the starter's model, damaged.</summary>
    private string StarterModel(string name, Action<string> damage)
    {
        var source = Path.Combine(Path.GetDirectoryName(WorkbenchProcess.Executable)!, "starter", "model");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        damage(folder);
        return folder;
    }

    private static void Truncate(string folder)
    {
        using var weights = new FileStream(Path.Combine(folder, "model.safetensors"), FileMode.Open);
        weights.SetLength(weights.Length / 2);
    }

    private static void AddToken(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        var tokenizer = JsonNode.Parse(File.ReadAllText(path))!;
        var token = tokenizer["added_tokens"]![0]!.DeepClone();
        token["id"] = 5000;
        token["content"] = "<extra>";
        tokenizer["added_tokens"]!.AsArray().Add(token);
        File.WriteAllText(path, tokenizer.ToJsonString());
    }

    private async Task<IPage> OpenAsync(WorkbenchProcess workbench, string path)
    {
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        SetDefaultExpectTimeout(20_000);
        await page.GotoAsync(new Uri(workbench.Address, path).ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        return page;
    }
}
