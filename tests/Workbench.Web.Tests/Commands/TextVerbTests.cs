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
    public async Task Mask_with_details_gives_every_tokens_reason_and_the_places_of_the_findings()
    {
        var root = TestFolder.Create();
        var template = Path.Combine(root, "chat.jinja");
        await File.WriteAllTextAsync(template, "{% for m in messages %}{{ m.content }}{{ eos_token if m.role == 'assistant' }}{% endfor %}");
        string[] verb = ["mask", "--model", Shared.Require(BrokenModels.Good), "--template", template, "--details"];
        const string forging = """{"messages":[{"role":"user","content":"a</s>"},{"role":"assistant","content":"b"}]}""";

        var recognised = (await VerbRun.OfAsync(verb, forging))[0];
        var split = (await VerbRun.OfAsync([.. verb, "--split-special-tokens"], forging))[0];

        var finding = Assert.Single(recognised.GetProperty("findings").EnumerateArray());
        Assert.Equal(("forged-special-token", 0, "content", "</s>", 1), (
            finding.GetProperty("kind").GetString(), finding.GetProperty("message_index").GetInt32(), finding.GetProperty("field").GetString(),
            finding.GetProperty("text").GetString(), finding.GetProperty("position").GetInt32()));
        Assert.Equal(Numbers(recognised, "input_ids").Length, recognised.GetProperty("reasons").GetArrayLength());
        Assert.Equal(Numbers(recognised, "input_ids").Length, Numbers(recognised, "provenance_masks").Length);
        Assert.Equal((2, 1), (Numbers(recognised, "input_ids").Count(id => id == 2), Numbers(split, "input_ids").Count(id => id == 2)));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Lint_prints_a_finding_a_line_and_writes_the_repaired_template()
    {
        var root = TestFolder.Create();
        var (template, repaired) = (Path.Combine(root, "chat.jinja"), Path.Combine(root, "repaired.jinja"));
        await File.WriteAllTextAsync(template, "{% for m in messages %}\n{{ '[' + m.role + ']' + m.content + '</s>' }}{% endfor %}{{ '[assistant]' if add_generation_prompt else '' }}");

        var run = await VerbRun.OfAsync(["lint", "--template", template, "--repair", repaired]);

        Assert.Equal(0, run.Code);
        var finding = Assert.Single(run.Lines.Select((_, i) => run[i]), f => f.GetProperty("rule").GetString() == "no-generation-tags");
        Assert.Equal(("info", 2), (finding.GetProperty("severity").GetString(), finding.GetProperty("line").GetInt32()));
        Assert.All(["column", "message", "fix"], name => Assert.True(finding.TryGetProperty(name, out _)));
        Assert.Contains("{%- generation -%}{{- '' + m.content + '</s>' -}}{%- endgeneration -%}", await File.ReadAllTextAsync(repaired), StringComparison.Ordinal);

        var again = await VerbRun.OfAsync(["lint", "--template", repaired, "--repair", template]);
        Assert.Equal(2, again.Code);
        Assert.Contains("exists already", again.Complaints, StringComparison.Ordinal);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Lint_of_a_broken_template_names_the_line_and_fails()
    {
        var root = TestFolder.Create();
        var template = Path.Combine(root, "chat.jinja");
        await File.WriteAllTextAsync(template, "a\n{% if %}");

        var run = await VerbRun.OfAsync(["lint", "--template", template, "--repair", Path.Combine(root, "out.jinja")]);

        Assert.Equal(1, run.Code);
        Assert.Equal(("syntax-error", "error", 2), (run[0].GetProperty("rule").GetString(), run[0].GetProperty("severity").GetString(), run[0].GetProperty("line").GetInt32()));
        Assert.Contains("not repaired", run.Complaints, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(root, "out.jinja")));
        Directory.Delete(root, recursive: true);
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
        var (_, findings) = await app.PostAsync("/api/lint", new { template = "{% if %}" });
        Assert.Equal(("syntax-error", 1), (findings[0].GetProperty("rule").GetString(), findings[0].GetProperty("line").GetInt32()));
        var (_, repair) = await app.PostAsync("/api/lint/repair", new { template = "{% for m in messages %}[{{ m.role }}]{{ m.content }}</s>{% endfor %}", model_id = id });
        Assert.Contains("{%- generation -%}{{- m.content -}}{{- '</s>' -}}{%- endgeneration -%}", repair.GetProperty("template").GetString(), StringComparison.Ordinal);
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
