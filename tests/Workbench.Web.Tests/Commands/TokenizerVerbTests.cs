using System.Text.Json;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Commands;

/// <summary>The verbs that make tokenizers.</summary>
public sealed class TokenizerVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-tokenizer-verbs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_tokenizer_is_trained_on_rows_of_every_shape_and_a_broken_row_is_counted()
    {
        var rows = Path.Combine(_folder, "rows.jsonl");
        await File.WriteAllLinesAsync(rows,
        [
            """{"text":"otter otter otter"}""",
            """{"prompt":"otter","completion":"otter"}""",
            """{"messages":[{"role":"user","content":[{"type":"text","text":"otter"}]},{"role":"assistant","content":"otter","reasoning_content":"otter"}]}""",
            "{broken",
        ]);
        var output = Path.Combine(_folder, "out");

        var run = await VerbRun.OfAsync(["train-tokenizer", "--dataset", rows, "--vocab-size", "300", "--output", output, "--special-token", "<|im_end|>"]);

        Assert.Equal(1, run.Code); // one row is lost
        Assert.Equal((3, 1), (run[0].GetProperty("rows").GetInt32(), run[0].GetProperty("skipped").GetInt32()));
        var tokens = await VerbRun.OfAsync(["tokenize", "--tokenizer", output, "--no-special", "--decode"], "\"otter otter<|im_end|>\"");
        Assert.Equal(3, tokens[0].GetProperty("ids").GetArrayLength()); // the word, the word behind a space, the special token
        Assert.Equal(2, tokens[0].GetProperty("ids")[2].GetInt32());

        var again = await VerbRun.OfAsync(["train-tokenizer", "--dataset", rows, "--vocab-size", "300", "--output", output]);
        Assert.Equal(2, again.Code);
        Assert.Contains("holds a tokenizer already", again.Complaints, StringComparison.Ordinal);
        var small = await VerbRun.OfAsync(["train-tokenizer", "--dataset", rows, "--vocab-size", "100", "--output", output + "2"]);
        Assert.Contains("Choose 258", small.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_extended_with_tokens_and_rows()
    {
        var model = Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model");
        var output = Path.Combine(_folder, "extended");

        var run = await VerbRun.OfAsync(["extend-tokenizer", "--model", model, "--output", output, "--special-token", "<|im_start|>", "--special-token", "<|im_end|>"]);

        Assert.Equal(0, run.Code);
        Assert.Equal("""{"<|im_start|>":1024,"<|im_end|>":1025}""", run[0].GetProperty("tokens").GetRawText());
        Assert.Equal("""{"before":1024,"after":1026}""", run[0].GetProperty("embedding_rows").GetRawText());
        var told = await VerbRun.OfAsync(["generate", "--model", output], """{"prompt":"Once<|im_end|>","max_tokens":3,"temperature":0}""");
        Assert.Equal(0, told.Code);
        using var config = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(output, "config.json")));
        Assert.Equal((1026, "bfloat16"), (config.RootElement.GetProperty("vocab_size").GetInt32(), config.RootElement.GetProperty("torch_dtype").GetString()));
    }
}
