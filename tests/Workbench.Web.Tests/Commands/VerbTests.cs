using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Commands;

public sealed class VerbTests
{
    [Fact]
    public async Task Tokens_are_those_of_the_official_tokenizer_and_a_bad_line_is_answered_in_its_place()
    {
        // Ids of GPT-2's own encoder: "Hello world" is 15496 995 (openai/gpt-2's README vocabulary).
        var run = await VerbRun.OfAsync(
            ["tokenize", "--tokenizer", Shared.Require("assets/tokenizers/gpt2"), "--offsets", "--decode"],
            "\"Hello world\"", "{\"txt\":1}", "{bad", "", "{\"text\":\"Hello\"}");

        Assert.Equal(1, run.Code);
        Assert.Equal(4, run.Lines.Count);
        Assert.Equal("""{"ids":[15496,995],"offsets":[[0,5],[5,11]],"decoded":"Hello world"}""", run.Lines[0]);
        Assert.Equal("invalid_input", run[1].GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("invalid_json", run[2].GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("""{"ids":[15496],"offsets":[[0,5]],"decoded":"Hello"}""", run.Lines[3]);
        Assert.Contains("line 2:", run.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_well_is_exit_status_0()
    {
        var run = await VerbRun.OfAsync(["tokenize", "--tokenizer", Shared.Require("assets/tokenizers/gpt2")], "\"a\"");
        Assert.Equal((0, ""), (run.Code, run.Complaints));
    }

    [Theory]
    [InlineData("tokenize")]
    [InlineData("tokenize", "--tokenizer", "/nowhere")]
    [InlineData("nonsense")]
    [InlineData("train", "/nowhere.json")]
    [InlineData("worker", "/nowhere")]
    public async Task Wrong_usage_is_exit_status_2_and_says_why(params string[] arguments)
    {
        var run = await VerbRun.OfAsync(arguments, "\"a\"");
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Lines);
        Assert.NotEmpty(run.Complaints);
    }

    [Fact]
    public async Task Train_names_the_nearest_known_option_and_a_missing_dataset()
    {
        var root = TestFolder.Create();
        try
        {
            var config = Path.Combine(root, "config.json");
            await File.WriteAllTextAsync(config, """{"learning_rat":1,"model_name_or_path":"/","dataset":"/no.jsonl"}""");
            var unknown = await VerbRun.OfAsync(["train", config]);
            Assert.Equal(2, unknown.Code);
            Assert.Contains("did you mean learning_rate?", unknown.Complaints, StringComparison.Ordinal);

            await File.WriteAllTextAsync(config, $$"""{"model_name_or_path":"/","dataset":"/no.jsonl","output_dir":"{{root}}/out"}""");
            var missing = await VerbRun.OfAsync(["train", config]);
            Assert.Equal(2, missing.Code);
            Assert.Contains("/no.jsonl", missing.Complaints, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(root, "out")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_line_comes_out_before_the_next_one_is_read()
    {
        var start = new System.Diagnostics.ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "workbench"))
        {
            ArgumentList = { "tokenize", "--tokenizer", Shared.Require("assets/tokenizers/gpt2") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        await process.StandardInput.WriteLineAsync("\"Hello\"");
        await process.StandardInput.FlushAsync();
        Assert.Equal("""{"ids":[15496]}""", await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
