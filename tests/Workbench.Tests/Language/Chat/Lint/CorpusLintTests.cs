using System.Diagnostics;
using System.Text.Json;
using Workbench.Language.Chat.Lint;

namespace Workbench.Tests.Language.Chat.Lint;

/// <summary>
/// What the linter finds in the published templates, against facts.json: the same questions answered by make_facts.py
/// with jinja2 and nothing of ours.
/// </summary>
public sealed class CorpusLintTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_published_template_gets_the_findings_that_jinja2_bears_out()
    {
        var folder = Shared.Require("corpus/templates");
        using var facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Language", "Chat", "Lint", "facts.json")));
        var differences = new List<string>();
        var (findings, longest, slowest) = (0, TimeSpan.Zero, "");
        TemplateLinter.Lint("{{ messages }}"); // the figures below are to say nothing about the compiler
        foreach (var template in facts.RootElement.EnumerateObject())
        {
            var text = File.ReadAllText(Path.Combine(folder, template.Name));
            var start = Stopwatch.GetTimestamp();
            var found = TemplateLinter.Lint(text);
            var took = Stopwatch.GetElapsedTime(start);
            (longest, slowest) = took > longest ? (took, template.Name) : (longest, slowest);
            findings += found.Count;
            var ours = found.Select(Fact).ToHashSet();
            var theirs = template.Value.EnumerateArray().Select(fact => fact.GetString()!).ToHashSet();
            differences.AddRange(ours.Except(theirs).Select(fact => $"{template.Name}: only the linter finds {fact}"));
            differences.AddRange(theirs.Except(ours).Select(fact => $"{template.Name}: the linter misses {fact}"));
        }

        output.WriteLine($"{findings} findings; longest {longest.TotalMilliseconds:F0} ms, {slowest}");
        Assert.True(differences.Count == 0, $"{differences.Count} differ\n" + string.Join('\n', differences.Take(200)));
        Assert.True(findings > 1000, $"only {findings} findings");
    }

    private static string Fact(LintFinding finding) =>
        finding.Subject is null || finding.Rule is "forged-special" ? finding.Rule : $"{finding.Rule}:{finding.Subject}";
}
