using System.Text;
using Workbench.Language.Chat.Presets;
using Workbench.Web.Services;
using Workbench.Web.Services.Launch;
using Workbench.Web.Starter;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Launch;

public sealed class RunPreflightTests
{
    [Fact]
    public async Task A_good_run_has_masks_and_an_estimate_and_no_findings()
    {
        await using var services = await TestServices.StartAsync();
        var report = await LookAsync(services, Conversations(8, "The answer is known to everyone here."), options: "\"num_train_epochs\":2,\"per_device_train_batch_size\":4");
        Assert.Empty(report.Findings);
        var sequence = report.Rows[0].Row.Sequences.Single();
        Assert.Contains("The answer is known", sequence.Spans.Single(span => span.Trained).Text, StringComparison.Ordinal);
        Assert.Equal(sequence.Tokens, sequence.Spans.Sum(span => span.Tokens));
        Assert.Equal(4, report.Estimate!.Steps); // 8 rows twice, 4 at a time
    }

    [Fact]
    public async Task Rows_whose_answers_max_length_cuts_off_block_the_run()
    {
        await using var services = await TestServices.StartAsync();
        var report = await LookAsync(services, Conversations(8, "Yes."), options: "\"max_length\":4");
        var finding = Assert.Single(report.Findings, finding => finding.Blocking);
        Assert.Equal(("nothing-trained", 8), (finding.Rule, finding.Values[0]));
        Assert.Null(report.Estimate);
    }

    [Fact]
    public async Task Evaluation_rows_among_the_training_rows_block_the_run()
    {
        await using var services = await TestServices.StartAsync();
        const string Long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
        var evaluation = await ImportAsync(services, Conversations(1, Long), "eval");
        var report = await LookAsync(services, Conversations(3, Long) + Conversations(5, "Something else altogether."), $"\"eval_dataset\":\"{evaluation}\"");
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("leakage", true, 3, 8), (finding.Rule, finding.Blocking, finding.Values[0], finding.Values[1]));
    }

    [Fact]
    public async Task Rows_beyond_the_models_context_are_counted()
    {
        await using var services = await TestServices.StartAsync();
        var report = await LookAsync(services, Conversations(3, "Yes.") + Conversations(1, string.Concat(Enumerable.Repeat("Yes and no. ", 400))), options: "\"max_length\":100000");
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("context", false, 1, 4), (finding.Rule, finding.Blocking, finding.Values[0], finding.Values[1]));
        Assert.True((int)finding.Values[2] < 4096);
    }

    [Fact]
    public async Task A_device_that_is_not_there_blocks_the_run()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "this machine has a CUDA device");
        await using var services = await TestServices.StartAsync();
        var report = await LookAsync(services, Conversations(4, "Yes."), options: "\"device\":\"cuda\"");
        var finding = Assert.Single(report.Findings, finding => finding.Blocking);
        Assert.Equal("no-device", finding.Rule);
        Assert.Contains("set device to \"cpu\"", (string)finding.Values[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_of_GRPO_are_read_only_and_count_with_their_longest_answers()
    {
        await using var services = await TestServices.StartAsync();
        var report = await LookAsync(services, Prompts("answer"), Grpo);
        Assert.Empty(report.Findings);
        var prompt = report.Rows[0].Row.Sequences.Single();
        Assert.Equal("prompt", prompt.Name);
        Assert.All(prompt.Spans, span => Assert.False(span.Trained));
        Assert.Equal(4, report.Estimate!.Steps); // 8 prompts, 4 answers to each, 8 answers a step
        Assert.InRange(report.Estimate.TokensPerStep, 8 * (prompt.Tokens + 15), 8 * (prompt.Tokens + 17));
    }

    [Fact]
    public async Task Rows_that_the_rewards_cannot_judge_block_the_run()
    {
        await using var services = await TestServices.StartAsync();
        var report = await LookAsync(services, Prompts("solution"), Grpo);
        var finding = Assert.Single(report.Findings, finding => finding.Blocking);
        Assert.Equal(("row-not-encodable", 8), (finding.Rule, finding.Values[0]));
        Assert.Contains("no column \"answer\"", (string)finding.Values[2], StringComparison.Ordinal);
    }

    private const string Grpo = "\"method\":\"grpo\",\"assistant_only_loss\":false,\"reward_funcs\":\"numeric\",\"num_generations\":4,\"max_completion_length\":16,\"num_train_epochs\":1";

    private static string Prompts(string column) => string.Concat(Enumerable.Range(10, 8).Select(i => $$"""{"prompt":"What is {{i}} + 1?","{{column}}":"{{i + 1}}"}""" + "\n"));

    private static async Task<PreflightReport> LookAsync(TestServices services, string rows, string options = "\"seed\":1")
    {
        var model = await services.Get<ModelService>().AddFolderAsync(StarterService.ModelSource, "starter");
        var dataset = await ImportAsync(services, rows, "train");
        var template = System.Text.Json.JsonSerializer.Serialize(ChatPresets.Find("plain")!.Template);
        return await services.Get<RunPreflight>().LookAsync(
            $$"""{{{(options.StartsWith("\"method\"", StringComparison.Ordinal) ? "" : "\"method\":\"sft\",\"assistant_only_loss\":true,")}}"model_name_or_path":"{{model.Id}}","dataset":"{{dataset}}","chat_template":{{template}},{{options}}}""", seed: 1);
    }

    private static async Task<string> ImportAsync(TestServices services, string rows, string name)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(rows));
        return (await services.Get<DatasetService>().ImportAsync(stream, name + ".jsonl")).Dataset.Id;
    }

    private static string Conversations(int count, string answer) => string.Concat(Enumerable.Range(0, count).Select(i =>
        $$"""{"messages":[{"role":"user","content":"Question {{i}}?"},{"role":"assistant","content":"{{answer}}"}]}""" + "\n"));
}
