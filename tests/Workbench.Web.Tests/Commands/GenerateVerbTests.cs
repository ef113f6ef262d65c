using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Commands;

public sealed class GenerateVerbTests
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "starter", "model");

    private static readonly string[] Lines =
    [
        """{"prompt":"Once upon a time","max_tokens":6}""",
        """{"prompt":"The cat","max_tokens":9,"temperature":1,"seed":4}""",
        """{"max_tokens":3}""",
        """{"prompt":"Once upon a time","max_tokens":6}""",
        """{"prompt_ids":[1000000],"max_tokens":2}""",
        "{bad",
        """{"prompt":"A","max_tokens":3}""",
    ];

    [Fact]
    public async Task Lines_answered_together_are_those_answered_one_by_one_and_bad_ones_keep_their_places()
    {
        var alone = await VerbRun.OfAsync(["generate", "--model", Model], Lines);
        var together = await VerbRun.OfAsync(["generate", "--model", Model, "--batch", "16"], Lines);

        Assert.Equal((1, 1), (alone.Code, together.Code));
        Assert.Equal(Lines.Length, together.Lines.Count);
        Assert.Equal(Enumerable.Range(0, Lines.Length).Select(Outcome(alone)), Enumerable.Range(0, Lines.Length).Select(Outcome(together)));
        Assert.Equal([false, false, true, false, true, true, false], Enumerable.Range(0, Lines.Length).Select(line => together[line].TryGetProperty("error", out _)));
        Assert.Contains("line 3:", together.Complaints, StringComparison.Ordinal);

        static Func<int, string> Outcome(VerbRun run) => line =>
            run[line].TryGetProperty("error", out var error) ? error.GetRawText() : run[line].GetProperty("ids").GetRawText() + run[line].GetProperty("finish_reason");
    }

    [Theory]
    [InlineData("--batch", "17")]
    [InlineData("--batch", "0")]
    [InlineData("--dtype", "int4")]
    public async Task What_cannot_be_is_refused_by_name(string option, string value)
    {
        var run = await VerbRun.OfAsync(["generate", "--model", Model, option, value], Lines[0]);
        Assert.Equal(2, run.Code);
        Assert.Contains(option == "--dtype" ? "int4" : $"--batch is {value}", run.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_held_in_bfloat16_answer_too()
    {
        // The starter's weights are bfloat16 numbers, so holding them so loses nothing.
        var exact = await VerbRun.OfAsync(["generate", "--model", Model, "--dtype", "float32"], Lines[0]);
        var half = await VerbRun.OfAsync(["generate", "--model", Model, "--dtype", "bfloat16"], Lines[0]);
        Assert.Equal(exact[0].GetProperty("ids").GetRawText(), half[0].GetProperty("ids").GetRawText());
    }
}
