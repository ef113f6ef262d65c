using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>
/// From a ShareGPT file to a run of DPO: filtered and deduplicated by a recipe, four answers to each sum sampled and judged, pairs made of
/// them, reviewed from the keyboard, seen in the lineage, trained on.
/// </summary>
public sealed class DatasetPathTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    private static readonly (string Question, string Answer)[] Sums =
    [
        ("Add 12 and 34.", "46"), ("Add 50 and 21.", "71"), ("Add 12 and 34.", "46"), ("Add 33 and 44.", "77"), ("Add 10 and 15.", "25"), ("Add 28 and 61. " + new string('x', 400), "89"),
        ("Add 70 and 12.", "82"), ("Add 41 and 17.", "58"),
    ];

    [Fact]
    public async Task A_file_of_questions_becomes_reviewed_pairs_that_a_model_is_trained_on()
    {
        await using var workbench = await WorkbenchProcess.StartAsync();
        var data = Directory.CreateTempSubdirectory("workbench-dataset-").FullName;
        try
        {
            var page = await chromium.NewPageAsync();
            page.SetDefaultTimeout(30_000);
            await AddAsync(page, workbench, data);
            await CleanAsync(page);
            await SampleAsync(page);
            await ReviewAsync(page);
            await TrainAsync(page);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>The starter's base model with a template that only puts messages one under another, and the file.</summary>
    private static async Task AddAsync(IPage page, WorkbenchProcess workbench, string data)
    {
        var model = StarterModel.CopyTo(data, "sums-model");
        await File.WriteAllTextAsync(Path.Combine(model, "chat_template.jinja"), "{% for message in messages %}{{ message.content }}\n{% endfor %}");
        await page.GotoAsync(new Uri(workbench.Address, "/models").ToString());
        await page.GetByLabel("Model folder").FillAsync(model);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).GetByText("is added")).ToBeVisibleAsync();

        var file = Path.Combine(data, "sharegpt.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(Sums.Select(sum => new
        {
            conversations = new object[] { new { from = "human", value = sum.Question }, new { from = "gpt", value = sum.Answer } },
            answer = sum.Answer,
        })));
        await DatasetSteps.ImportAsync(page, workbench, file);
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the rows" }).ClickAsync();
        await Expect(page.GetByText("Version 1 of sharegpt.json")).ToBeVisibleAsync();
    }

    private static Task OpenAsync(IPage page, string view) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Views of the dataset" }).GetByRole(AriaRole.Link, new() { Name = view }).ClickAsync();

    private static async Task CleanAsync(IPage page)
    {
        await OpenAsync(page, "Recipe");
        foreach (var name in new[] { "exact_dedup", "length" })
        {
            await page.Locator("label", new() { HasText = "Operator" }).Locator("select").SelectOptionAsync(name);
            await page.GetByRole(AriaRole.Button, new() { Name = "Add step" }).ClickAsync();
        }

        await page.GetByLabel("max_chars").FillAsync("200");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try on the first" }).ClickAsync();
        await Expect(page.GetByText("Of the first 8 rows, 6 stay")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make version" }).ClickAsync();
        await Expect(page.GetByText("Version 2 has 6 rows")).ToBeVisibleAsync();
    }

    private static async Task SampleAsync(IPage page)
    {
        await OpenAsync(page, "Candidates");
        await Expect(page.GetByLabel("Version", new() { Exact = true })).ToHaveValueAsync("2");
        await page.GetByLabel("max_tokens").FillAsync("24");
        await Expect(page.GetByLabel("Answers to each prompt", new() { Exact = true })).ToHaveValueAsync("4");
        await page.GetByLabel("Add a reward").SelectOptionAsync("length"); // beside numeric, which a base model hardly ever earns
        await page.Locator("#reward-length-max_words").FillAsync("6");
        await page.Locator("#reward-length-weight").FillAsync("0.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sample answers" }).ClickAsync();
        await Expect(page.GetByText("All 6 prompts were answered and judged.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Answers to prompt 1" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(5);
        await page.GetByLabel("Least difference of scores").FillAsync("0.01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make pairs for DPO" }).ClickAsync();
        await Expect(page.GetByText("Version 3 has")).ToBeVisibleAsync();
    }

    private static async Task ReviewAsync(IPage page)
    {
        await OpenAsync(page, "Review by hand");
        await page.GetByRole(AriaRole.Group, new() { Name = "Row under review" }).FocusAsync();
        await page.Keyboard.PressAsync("1");
        await Expect(page.GetByText("1 of")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("2");
        await Expect(page.GetByText("2 of")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make version" }).ClickAsync();
        await Expect(page.GetByText("Version 4 has 2 rows")).ToBeVisibleAsync();
        await OpenAsync(page, "Versions");
        var lineage = page.Locator(".lineage");
        foreach (var node in new[] { "sharegpt.json", "exact_dedup → length", "pairs of 4", "review by me" })
        {
            await Expect(lineage).ToContainTextAsync(node);
        }
    }

    private static async Task TrainAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Train on it" }).ClickAsync();
        await Wizard.GoAsync(page, "Method");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "DPO" })).ToBeCheckedAsync();
        await Wizard.GoAsync(page, "Parameters");
        await page.GetByLabel("max_steps", new() { Exact = true }).FillAsync("2");
        await Wizard.GoAsync(page, "Review");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/runs/", StringComparison.Ordinal) && !url.Contains("/new", StringComparison.Ordinal));
        await Expect(page.Locator("[data-status]").First).ToHaveAttributeAsync("data-status", "completed", new() { Timeout = 120_000 });
    }
}
