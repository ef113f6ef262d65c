using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Workbench.Browser.Tests;

/// <summary>
/// The main path, as a newcomer walks it: an empty data folder, a model, a dataset, sixty steps of fine-tuning watched live, and
/// twenty held-out questions to the base and the tuned model. Once with a model from elsewhere, where shared data lies beside the
/// checkout, and once with the starter, which is always there.
/// </summary>
public sealed class MainPathTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    /// <summary>What the run is started with; the rest are the form's own defaults.</summary>
    private static readonly Dictionary<string, string> Options = new()
    {
        ["learning_rate"] = "2e-3",
        ["max_steps"] = "60",
        ["per_device_train_batch_size"] = "16",
        ["max_length"] = "256",
        ["warmup_ratio"] = "0.05",
    };

    [Fact]
    public async Task A_real_model_learns_to_tell_the_asked_story()
    {
        var model = Shared.Require("assets/models/stories260K-hf");
        var dataset = Shared.Require("assets/firstrun/story_chat_sft.jsonl");
        await WalkAsync(model, dataset, Shared.Require("assets/firstrun/story_chat_heldout.jsonl"));
    }

    [Fact]
    public async Task The_starter_learns_to_tell_the_asked_story()
    {
        var data = Directory.CreateTempSubdirectory("workbench-starter-").FullName;
        try
        {
            await WorkbenchCommand.RunAsync("starter", "data", "--output", data);
            await WalkAsync(StarterModel.Folder, Path.Combine(data, "starter_sft_stories.jsonl"), Path.Combine(data, "starter_heldout_stories.jsonl"));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private async Task WalkAsync(string model, string dataset, string heldOutFile)
    {
        var heldOut = File.ReadLines(heldOutFile).Take(20).Select(Question.Read).ToArray();
        await using var workbench = await WorkbenchProcess.StartAsync();
        var page = await OpenAsync(workbench);
        await TrainAsync(page, workbench, model, dataset);
        var answers = await AskAsync(page, workbench, heldOut);
        Assert.True(answers.Tuned >= 18, $"tuned: {answers.Tuned} of {heldOut.Length} answers hold every asked word; the last: {answers.Last}");
        Assert.True(answers.Base <= 1, $"base: {answers.Base} of {heldOut.Length} answers already hold every asked word");
    }

    private async Task<IPage> OpenAsync(WorkbenchProcess workbench)
    {
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        await page.GotoAsync(workbench.Address.ToString());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        return page;
    }

    /// <summary>Adds model and dataset, trains sixty steps before the reader's eyes, and once more from the command line.</summary>
    private static async Task TrainAsync(IPage page, WorkbenchProcess workbench, string model, string dataset)
    {
        await AddModelAsync(page, workbench, model);
        await DatasetSteps.ImportAsync(page, workbench, dataset);
        var runUrl = await StartRunAsync(page, workbench);
        await WatchAsync(page);
        await SameLossAsync(workbench, runUrl);
    }

    private static async Task AddModelAsync(IPage page, WorkbenchProcess workbench, string folder)
    {
        await page.GotoAsync(new Uri(workbench.Address, "/models").ToString());
        var add = page.GetByRole(AriaRole.Form, new() { Name = "Add a folder" });
        await add.GetByLabel("Model folder").FillAsync(folder);
        await add.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        var name = Path.GetFileName(folder);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    private static async Task<string> StartRunAsync(IPage page, WorkbenchProcess workbench)
    {
        await page.GotoAsync(new Uri(workbench.Address, "/runs/new").ToString());
        await Wizard.GoAsync(page, "Template");
        await page.GetByLabel("Chat template").SelectOptionAsync(new SelectOptionValue { Value = "preset:plain" });
        await Wizard.GoAsync(page, "Parameters");
        foreach (var (key, value) in Options)
        {
            await page.GetByLabel(key, new() { Exact = true }).FillAsync(value);
        }

        await Wizard.GoAsync(page, "Review");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/runs/", StringComparison.Ordinal) && !url.EndsWith("/new", StringComparison.Ordinal));
        return page.Url;
    }

    /// <summary>Points must reach the chart while the run still goes on; then the run must end well, its curve complete.</summary>
    private static async Task WatchAsync(IPage page)
    {
        var chart = page.GetByRole(AriaRole.Region, new() { Name = "Metrics", Exact = true });
        var status = page.Locator("[data-status]").First;
        var clock = Stopwatch.StartNew();
        var live = 0;
        while (live == 0 && clock.Elapsed < TimeSpan.FromSeconds(90))
        {
            live = await PointsAsync(chart);
            await Task.Delay(50);
        }

        Assert.InRange(live, 1, 59);
        Assert.Equal("running", await status.GetAttributeAsync("data-status"));
        await Expect(status).ToHaveAttributeAsync("data-status", "completed", new() { Timeout = 180_000 });
        await Expect(chart).ToHaveAttributeAsync("data-points", "60");

        await page.ReloadAsync();
        await Expect(chart).ToHaveAttributeAsync("data-points", "60");
        await Expect(page.GetByRole(AriaRole.Figure, new() { Name = "loss", Exact = true }).Locator(".main-svg").First).ToBeVisibleAsync();
    }

    /// <summary>Asks every question once in Chat and counts the answers, with the template, that hold all the asked words.</summary>
    private static async Task<Score> AskAsync(IPage page, WorkbenchProcess workbench, IReadOnlyList<Question> questions)
    {
        // The result's page leads to Chat; named as the tuned model, it is shown beside the one that it was tuned from.
        var result = await page.GetByRole(AriaRole.Link, new() { Name = "Chat with the result" }).First.GetAttributeAsync("href");
        await page.GotoAsync(new Uri(workbench.Address, result!.Replace("model=", "tuned=", StringComparison.Ordinal)).ToString());
        var untuned = page.GetByRole(AriaRole.Region, new() { Name = "Pane 1" });
        var tuned = page.GetByRole(AriaRole.Region, new() { Name = "Pane 3" });
        await page.GetByText("Sampling", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("max_tokens").FillAsync("120");
        var (good, known, last) = (0, 0, "");
        foreach (var question in questions)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "New conversation" }).ClickAsync();
            await page.GetByLabel("Message to all panes").FillAsync(question.Prompt);
            await page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
            // The exact prompt names the question, so that the answer before is not taken for this one's.
            await Expect(tuned.Locator(".chat-prompt")).ToContainTextAsync(question.Prompt);
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });
            last = await tuned.Locator(".chat-text").InnerTextAsync();
            good += question.IsAnsweredBy(last) ? 1 : 0;
            known += question.IsAnsweredBy(await untuned.Locator(".chat-text").InnerTextAsync()) ? 1 : 0;
        }

        return new(good, known, last);
    }

    private static async Task<int> PointsAsync(ILocator chart) =>
        int.Parse(await chart.GetAttributeAsync("data-points") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>The run's own configuration, trained again from the command line, must end with the same loss to the last digit.</summary>
    private static async Task SameLossAsync(WorkbenchProcess workbench, string runUrl)
    {
        var folder = Path.Combine(workbench.DataFolder, "runs", runUrl.Split('/')[^1]);
        var config = JsonNodeOf(Path.Combine(folder, "config.json"));
        var again = Path.Combine(workbench.DataFolder, "again");
        config["output_dir"] = again;
        var file = Path.Combine(workbench.DataFolder, "again.json");
        File.WriteAllText(file, config.ToJsonString());
        await WorkbenchCommand.RunAsync("train", file);
        Assert.Equal(Losses(folder), Losses(again));
    }

    private static JsonObject JsonNodeOf(string path) =>
        JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    private static List<string> Losses(string runFolder) =>
        [.. File.ReadLines(Path.Combine(runFolder, "metrics.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(point => point.TryGetProperty("loss", out _))
            .Select(point => point.GetProperty("loss").GetRawText())];

    private sealed record Question(string Prompt, IReadOnlyList<string> Expected)
    {
        public static Question Read(string line)
        {
            var row = JsonDocument.Parse(line).RootElement;
            return new(
                row.GetProperty("messages")[0].GetProperty("content").GetString()!,
                [.. row.GetProperty("expect").EnumerateArray().Select(word => word.GetString()!)]);
        }

        public bool IsAnsweredBy(string answer) => Expected.All(word => answer.Contains(word, StringComparison.Ordinal));
    }

    private sealed record Score(int Tuned, int Base, string Last);
}
