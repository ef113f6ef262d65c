using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>An answer whose context in training is not the prompt at inference.</summary>
internal sealed class TrainingInferenceMismatch : ILintRule
{
    public string Name => "training-inference-mismatch";

    public string Explanation => "What stands before an answer in the training text differs from what the model is shown when it has to give that answer, so it learns answers to texts that never come.";

    public string Fix => "Write every message the same way whether or not others follow. Where reasoning of earlier turns is dropped, train on one sample a turn.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        (string Subject, string What, string Prompt, string Full)[] pairs =
        [
            ("first", "the first of two answers", Conversations.Question, Conversations.TwoTurns),
            ("second", "the second answer", Conversations.TwoQuestions, Conversations.TwoTurns),
            ("tools", "the answer behind a tool's result", Conversations.ToolQuestion, Conversations.ToolRound),
        ];
        foreach (var (subject, what, question, conversation) in pairs)
        {
            var (prompt, full) = (probe.Prompt(question), probe.Render(conversation));
            if (prompt.Ok && full.Ok && !full.Text.StartsWith(prompt.Text, StringComparison.Ordinal))
            {
                var at = full.Text.AsSpan().CommonPrefixLength(prompt.Text);
                yield return this.Found(
                    LintSeverity.Warning,
                    $"Before {what} the prompt goes on with {RuleFindings.Quote(prompt.Text[at..])}, the training text with {RuleFindings.Quote(full.Text[at..])}.",
                    full.Text.Length == 0 ? null : full.At(at),
                    subject);
            }
        }
    }
}
