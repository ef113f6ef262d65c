using System.Diagnostics;
using System.Text;
using Workbench.Language.Chat.Presets;
using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Jinja;

/// <summary>Damaged templates: whatever is written into one, it renders or fails with a template's error, within its limits.</summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const string Messages = """
        [{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi é😀"}]},
         {"role":"assistant","content":"Hello","reasoning_content":"greet","tool_calls":[{"function":{"name":"f","arguments":{"a":1.5,"b":[null,true]}}}]},
         {"role":"tool","content":"42"},{"role":"user","content":"bye"}]
        """;

    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "|", "(", ")", "[", "]", "'", "\"", "\\", ".", ",", "~", "*", "**", "//", "%", "==", "<", " in ",
        " is ", " not ", " if ", " else ", "{% endif %}", "{% endfor %}", "{% for m in messages %}", "{% set x = ", "loop", "messages", "m.content",
        "|tojson", "|length", "|list", "|upper", "[::-1]", "[0]", "1e9", "0", "none", "true", "{% macro f(a) %}", "{% endmacro %}", "f(", "caller()",
        "namespace(", "range(99999)", "\n", "é", "😀", "{% raw %}", "{% break %}", "recursive", ".split()", ".items()", "|map('upper')", "|join", "%s",
        "{% generation %}", "{% endgeneration %}", "|indent(2)",
    ];

    [Fact]
    public void A_damaged_template_renders_or_fails_but_never_more()
    {
        var random = new Random(20250615);
        var sources = ChatPresets.All.Select(preset => preset.Template).ToList();
        var request = new ChatRequest
        {
            Messages = Chat.Json(Messages),
            Kwargs = Chat.Json("""{"add_generation_prompt":true,"return_assistant_tokens_mask":true}"""),
            Now = Chat.Now,
        };
        var options = new[] { new RenderOptions { MaxSteps = 20_000 }, new RenderOptions { MaxSteps = 20_000, SourceMap = true } };
        var outcomes = new Dictionary<string, int>();
        var watch = Stopwatch.StartNew();
        var slowest = TimeSpan.Zero;
        for (var round = 0; watch.Elapsed < TimeSpan.FromSeconds(4); round++)
        {
            var template = Damage(sources[round % sources.Count], random);
            var started = watch.Elapsed;
            var outcome = Run(template, request, options[round % 2]);
            slowest = watch.Elapsed - started > slowest ? watch.Elapsed - started : slowest;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        output.WriteLine($"{outcomes.Values.Sum()} templates, slowest {slowest.TotalMilliseconds:F0} ms: "
            + string.Join(", ", outcomes.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.True(outcomes.Values.Sum() > 100);
        Assert.Contains("text", outcomes.Keys);
        Assert.True(slowest < TimeSpan.FromSeconds(3), $"one template took {slowest}");
    }

    private static string Run(string template, ChatRequest request, RenderOptions options)
    {
        try
        {
            var rendered = ChatTemplate.Parse(template).Render(request, options);
            if (rendered.SourceMap is { } map)
            {
                Assert.Equal(rendered.Text.Length, map.Spans.Sum(span => span.End - span.Start));
            }

            return "text";
        }
        catch (TemplateException error)
        {
            return error.Type;
        }
    }

    private static string Damage(string source, Random random)
    {
        var text = new StringBuilder(source);
        for (var hits = random.Next(1, 6); hits > 0 && text.Length > 0; hits--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    var length = Math.Min(random.Next(1, 60), text.Length - at);
                    text.Insert(random.Next(text.Length), text.ToString(at, length));
                    break;
                default:
                    text[at] = (char)random.Next(1, 0x180);
                    break;
            }
        }

        return text.ToString();
    }
}
