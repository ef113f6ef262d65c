using System.IO.Compression;
using System.Text.Json;
using Workbench.Language.Chat.Templates;
using Workbench.Testing;

namespace Workbench.Tests.Jinja;

/// <summary>Every template of the corpus over every conversation, and every single construct, against Jinja2's own results.</summary>
public class CorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_row_of_the_corpus_renders_or_fails_as_in_transformers()
    {
        var cases = Chat.Json(File.ReadAllText(Shared.Require("corpus/cases.json"))).EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);
        var (texts, errors, spans) = (0, 0, 0);
        var failures = new List<string>();
        foreach (var row in Rows())
        {
            var name = row.GetProperty("t").GetString()!;
            var wantsSpans = row.TryGetProperty("s", out _);
            var source = File.ReadAllText(Shared.Require(Path.Combine("corpus/templates", name)));
            var actual = Outcome.Of(source, Chat.Request(cases[row.GetProperty("c").GetString()!], wantsSpans));
            if (!actual.Matches(row))
            {
                failures.Add($"{name} {row.GetProperty("c")}: expected {Outcome.Shorten(row.GetRawText())}, got {actual}");
            }

            _ = row.TryGetProperty("e", out _) ? errors++ : texts++;
            spans += wantsSpans ? 1 : 0;
        }

        output.WriteLine($"{texts + errors} rows: {texts} texts, {errors} errors, {spans} with generation spans; {failures.Count} differ");
        Assert.Empty(failures.Take(5));
        Assert.Equal(8645, texts + errors);
    }

    [Fact]
    public void The_source_map_of_every_row_covers_the_text_and_changes_nothing()
    {
        var cases = Chat.Json(File.ReadAllText(Shared.Require("corpus/cases.json"))).EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!);
        var options = new RenderOptions { SourceMap = true };
        var maps = 0;
        foreach (var row in Rows().Where(row => row.TryGetProperty("r", out _)))
        {
            var name = row.GetProperty("t").GetString()!;
            var source = File.ReadAllText(Shared.Require(Path.Combine("corpus/templates", name)));
            var rendered = ChatTemplate.Parse(source).Render(Chat.Request(cases[row.GetProperty("c").GetString()!]), options);
            Assert.Equal(row.GetProperty("r").GetString(), rendered.Text);
            var end = 0;
            foreach (var span in rendered.SourceMap!.Spans)
            {
                Assert.Equal(end, span.Start);
                Assert.True(span.End > span.Start && span.TemplateLine > 0 && span.TemplateColumn > 0, $"{name}: {span}");
                end = span.End;
            }

            Assert.Equal(rendered.Text.Length, end);
            maps++;
        }

        output.WriteLine($"{maps} renderings mapped");
    }

    [Fact]
    public void Every_single_construct_renders_or_fails_as_in_Jinja2()
    {
        var lines = File.ReadLines(Shared.Require("corpus/micro.jsonl")).Where(line => line.Length > 0).Select(Chat.Json).ToList();
        var variables = string.Join(",", lines[0].GetProperty("context").EnumerateObject().Where(member => member.Name != "tools")
            .Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}")
            .Append("\"return_assistant_tokens_mask\":true"));
        var request = Chat.Variables("{" + variables + "}");
        var failures = new List<string>();
        foreach (var row in lines.Skip(1))
        {
            var actual = Outcome.Of(row.GetProperty("template").GetString()!, request);
            if (!actual.Matches(row))
            {
                failures.Add($"{Outcome.Shorten(row.GetRawText())}: got {actual}");
            }
        }

        output.WriteLine($"{lines.Count - 1} constructs; {failures.Count} differ");
        Assert.Empty(failures);
        Assert.Equal(274, lines.Count - 1);
    }

    /// <summary>The rows of the corpus: template, case, and the text or error that transformers gives.</summary>
    internal static IEnumerable<JsonElement> Rows()
    {
        using var file = new GZipStream(File.OpenRead(Shared.Require("corpus/goldens.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            yield return Chat.Json(line);
        }
    }
}
