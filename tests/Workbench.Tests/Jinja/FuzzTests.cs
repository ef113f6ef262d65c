using Workbench.Benchmarks.Fuzz;
using Workbench.Language.Chat.Presets;
using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Jinja;

/// <summary>Damaged templates: whatever is written into one, it renders or fails with a template's error, within its limits.</summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const int Count = 6_000;

    private const string Messages = """
        [{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi é😀"}]},
         {"role":"assistant","content":"Hello","reasoning_content":"greet","tool_calls":[{"function":{"name":"f","arguments":{"a":1.5,"b":[null,true]}}}]},
         {"role":"tool","content":"42"},{"role":"user","content":"bye"}]
        """;

    [Fact]
    public void A_damaged_template_renders_or_fails_but_never_more()
    {
        var request = new ChatRequest
        {
            Messages = Chat.Json(Messages),
            Tools = Chat.Json("""[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"number"}}}}}]"""),
            Kwargs = Chat.Json("""{"add_generation_prompt":true,"return_assistant_tokens_mask":true}"""),
            SpecialTokens = new Dictionary<string, string?> { ["bos_token"] = "<s>", ["eos_token"] = "</s>" },
            Now = Chat.Now,
        };
        var fuzz = new MutationFuzz([.. ChatPresets.All.Select(preset => preset.Template)], [request], seed: 1);
        for (var number = 0; number < Count; number++)
        {
            fuzz.Run(number);
        }

        output.WriteLine($"{Count} templates, slowest {fuzz.Slowest.Time.TotalMilliseconds:F0} ms: "
            + string.Join(", ", fuzz.Outcomes.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.Empty(fuzz.Violations.Select(violation => $"{violation.What}\n{fuzz.TemplateOf(violation.Number)}"));
        Assert.Contains("text", fuzz.Outcomes.Keys);
        Assert.Contains("TemplateSyntaxError", fuzz.Outcomes.Keys);
    }
}
