using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Arguments given as an object that come out as Python writes them.</summary>
internal sealed class ArgumentsNotJson : ILintRule
{
    public string Name => "arguments-not-json";

    public string Explanation => "Single quotes, True and None are no JSON: the model learns to write calls that parsers refuse.";

    public string Fix => "Write {{ arguments | tojson }}.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var rendering = probe.Render(Conversations.Called);
        if (rendering.Ok && rendering.Wrote(1, "tool_calls[0].function.arguments") && rendering.Text.Contains($"'{Conversations.KeyWord}'", StringComparison.Ordinal))
        {
            yield return this.Found(
                LintSeverity.Warning, "Arguments given as an object are written as a Python dict.", rendering.First(1, "tool_calls[0].function.arguments"));
        }
    }
}
