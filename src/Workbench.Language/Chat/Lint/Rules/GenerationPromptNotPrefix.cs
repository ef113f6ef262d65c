using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A generation prompt that the full rendering does not repeat.</summary>
internal sealed class GenerationPromptNotPrefix : ILintRule
{
    public string Name => "generation-prompt-not-prefix";

    public string Explanation => "At inference the model continues a text that it has never seen in training.";

    public string Fix => "Write the same header for add_generation_prompt as before an assistant message.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var (prompt, full) = (probe.Prompt(Conversations.Question), probe.Render(Conversations.Turn));
        if (!prompt.Ok || !full.Ok || full.Text.StartsWith(prompt.Text, StringComparison.Ordinal))
        {
            yield break;
        }

        var at = full.Text.AsSpan().CommonPrefixLength(prompt.Text);
        var thought = probe.Render(Conversations.Of(Conversations.User, Conversations.Thinking("reasoning_content")));
        var opensThinking = thought.Ok && thought.Text.StartsWith(prompt.Text, StringComparison.Ordinal);
        yield return this.Found(
            opensThinking ? LintSeverity.Info : LintSeverity.Warning,
            opensThinking
                ? "The generation prompt begins the reasoning, which an answer without reasoning does not repeat."
                : $"The prompt goes on with {RuleFindings.Quote(prompt.Text[at..])}, the training text with {RuleFindings.Quote(full.Text[at..])}.",
            prompt.At(at),
            opensThinking ? "reasoning" : "header");
    }
}
