using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Arguments given as text, as OpenAI's API has them, that are encoded once more.</summary>
internal sealed class ArgumentsDoubleEncoded : ILintRule
{
    public string Name => "arguments-double-encoded";

    public string Explanation => "The model learns to write a string with escaped quotes where an object belongs, and parsers refuse its calls.";

    public string Fix => "Write arguments as they are where they are a string, or give them as an object: {{ arguments if arguments is string else arguments | tojson }}.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var rendering = probe.Render(Conversations.CalledByText);
        if (rendering.Ok && rendering.Written(1, "tool_calls").Contains("\\\"" + Conversations.KeyWord, StringComparison.Ordinal))
        {
            yield return this.Found(
                LintSeverity.Warning, "Arguments given as a JSON string are encoded again.", rendering.First(1, "tool_calls[0].function.arguments"));
        }
    }
}
