using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Commands;

/// <summary>The verbs from conversations to text and to labels.</summary>
public sealed class TextVerbTests
{
    private const string Chat = """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]""";

    [Fact]
    public async Task Render_prints_what_the_oracle_prints()
    {
        const string template = "llama.cpp/ByteDance-Seed-OSS.jinja";
        var file = Shared.Require($"corpus/templates/{template}");
        var cases = JsonNode.Parse(await File.ReadAllTextAsync(Shared.Require("corpus/cases.json")))!.AsArray()
            .ToDictionary(entry => entry!["id"]!.GetValue<string>(), entry => entry!.AsObject());
        var goldens = (await ReadGoldensAsync()).Where(golden => golden.GetProperty("t").GetString() == template).ToList();
        Assert.Equal(35, goldens.Count);

        var run = await VerbRun.OfAsync(["render", "--template", file], [.. goldens.Select(golden => cases[golden.GetProperty("c").GetString()!].ToJsonString())]);

        Assert.Equal(goldens.Count, run.Lines.Count);
        for (var i = 0; i < goldens.Count; i++)
        {
            if (goldens[i].TryGetProperty("r", out var rendered))
            {
                Assert.Equal(rendered.GetString(), run[i].GetProperty("rendered").GetString());
                Assert.Equal(JsonValueKind.Null, run[i].GetProperty("error").ValueKind);
            }
            else
            {
                Assert.Equal(goldens[i].GetProperty("m").GetString(), run[i].GetProperty("error").GetProperty("message").GetString());
            }
        }
    }

    [Fact]
    public async Task Render_names_the_line_of_a_syntax_error_and_goes_on()
    {
        var run = await VerbRun.OfAsync(
            ["render"],
            $$"""{"template_text":"a\nb\n{% if %}","messages":{{Chat}}}""",
            $$$"""{"template_text":"{{ messages[1].content }}","messages":{{{Chat}}}}""");
        Assert.Equal(1, run.Code);
        var error = run[0].GetProperty("error");
        Assert.Equal(("TemplateSyntaxError", 3), (error.GetProperty("type").GetString(), error.GetProperty("lineno").GetInt32()));
        Assert.Equal("""{"rendered":"Hello","generation_spans":null,"error":null,"warnings":[]}""", run.Lines[1]);
    }

    [Fact]
    public async Task Render_tells_where_each_character_came_from()
    {
        var run = await VerbRun.OfAsync(["render", "--source-map"], $$$"""{"template_text":"A: {{ messages[0].content }}","messages":{{{Chat}}}}""");
        Assert.Equal(
            """[{"start":0,"end":3,"template":[1,1],"message":null,"field":null},{"start":3,"end":5,"template":[1,7],"message":0,"field":"content"}]""",
            run[0].GetProperty("source_map").GetRawText());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"template_text":"a"}""")]
    [InlineData("""{"template":"/no/such.jinja","messages":[]}""")]
    [InlineData("""{"template_text":"a","messages":[],"now":"yesterday"}""")]
    public async Task Render_answers_a_line_that_it_cannot_use(string line)
    {
        var run = await VerbRun.OfAsync(["render"], line);
        Assert.Equal(1, run.Code);
        Assert.Equal("invalid_input", run[0].GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Mask_trains_the_answer_and_its_end_and_nothing_else()
    {
        var root = TestFolder.Create();
        var template = Path.Combine(root, "chat.jinja");
        await File.WriteAllTextAsync(template, "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token if m.role == 'assistant' }}\n{% endfor %}");
        var model = Shared.Require(BrokenModels.Good);
        var run = await VerbRun.OfAsync(
            ["mask", "--model", model, "--template", template],
            $$"""{"messages":{{Chat}}}""",
            """{"prompt":[{"role":"user","content":"Hi"}],"completion":[{"role":"assistant","content":"Hello"}]}""",
            """{"prompt":"Once","completion":" upon"}""",
            "[]");

        Assert.Equal((1, 4), (run.Code, run.Lines.Count));
        Assert.Equal("user: Hi\nassistant: Hello</s>\n", run[0].GetProperty("rendered").GetString());
        Assert.Equal(run.Lines[0], run.Lines[1]);
        var ids = Numbers(run[0], "input_ids");
        var labels = Numbers(run[0], "labels");
        Assert.Equal(ids.Length, labels.Length);
        // By hand: of the text, " Hello</s>" or "Hello</s>" is trained; </s> is id 2 in this vocabulary, and a newline follows it.
        var trained = Enumerable.Range(0, ids.Length).Where(i => labels[i] != -100).ToArray();
        Assert.All(trained, i => Assert.Equal(ids[i], labels[i]));
        Assert.Equal(2, labels[trained[^1]]);
        Assert.Equal(trained.Length, trained[^1] - trained[0] + 1);
        var pieces = await VerbRun.OfAsync(["tokenize", "--tokenizer", model, "--no-special", "--decode"], "\"user: Hi\\nassistant: Hello\"");
        Assert.Equal(Numbers(pieces[0], "ids"), ids[..trained[^1]]);
        // The golden file's ids of "Once" and " upon" after the tokenizer's own 1.
        Assert.Equal([1, 403, 407, 2], Numbers(run[2], "input_ids"));
        Assert.Equal([-100, -100, 407, 2], Numbers(run[2], "labels"));
        Assert.Equal("invalid_input", run[3].GetProperty("error").GetProperty("type").GetString());
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Mask_refuses_a_choice_that_does_not_exist()
    {
        var run = await VerbRun.OfAsync(["mask", "--model", Shared.Require(BrokenModels.Good), "--train", "everything"], "{}");
        Assert.Equal(2, run.Code);
        Assert.Contains("generation-tags", run.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_http_the_same_is_answered_and_files_of_the_machine_stay_closed()
    {
        await using var app = await TestApp.StartAsync();
        var messages = JsonNode.Parse(Chat);
        var (status, rendered) = await app.PostAsync("/api/render", new { template_text = "{{ messages[0].content }}", messages });
        Assert.Equal((200, "Hi"), (status, rendered.GetProperty("rendered").GetString()));
        var (_, refused) = await app.PostAsync("/api/render", new { template = "/etc/passwd", messages });
        Assert.Equal("invalid_input", refused.GetProperty("error").GetProperty("type").GetString());

        var (_, model) = await app.PostAsync("/api/models", new { path = Shared.Require(BrokenModels.Good) });
        var id = model.GetProperty("id").GetString();
        var (_, tokens) = await app.PostAsync("/api/tokenize", new { model_id = id, input = "Once upon a time", decode = true });
        Assert.Equal([1, 403, 407, 261, 378], Numbers(tokens, "ids"));
        var (_, masked) = await app.PostAsync("/api/mask", new { model_id = id, input = new { messages }, template = "{{ messages[1].content }}{{ eos_token }}" });
        Assert.Equal("Hello</s>", masked.GetProperty("rendered").GetString());
        Assert.Equal(Numbers(masked, "input_ids"), Numbers(masked, "labels"));
        var (wrong, problem) = await app.PostAsync("/api/mask", new { model_id = id, input = new { messages }, template = "{% if %}" });
        Assert.Equal((400, "TemplateSyntaxError", "template line 1"), (wrong, problem.GetProperty("type").GetString(), problem.GetProperty("place").GetString()));
    }

    private static int[] Numbers(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];

    private static async Task<List<JsonElement>> ReadGoldensAsync()
    {
        await using var file = File.OpenRead(Shared.Require("corpus/goldens.jsonl.gz"));
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        var rows = new List<JsonElement>();
        while (await reader.ReadLineAsync() is { } line)
        {
            rows.Add(JsonSerializer.Deserialize<JsonElement>(line));
        }

        return rows;
    }
}
