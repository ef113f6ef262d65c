using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A conversation whose beginning changes when it goes on.</summary>
internal sealed class NotPrefixPreserving : ILintRule
{
    public string Name => "not-prefix-preserving";

    public string Explanation => "Multi-turn reinforcement learning and caches append to what was rendered before; they break where the template rewrites it.";

    public string Fix => "Write a message without looking at the messages behind it (loop.last, the last user message).";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var thinking = Conversations.Thinking("reasoning_content");
        (string Subject, string What, string Short, string Long)[] pairs =
        [
            ("plain", "A finished answer", Conversations.Turn, Conversations.TwoTurns),
            ("reasoning", "An answer with reasoning", Conversations.Of(Conversations.User, thinking),
                Conversations.Of(Conversations.User, thinking, Conversations.SecondUser, Conversations.SecondAnswer)),
            ("tools", "A tool call", Conversations.Called, Conversations.ToolRound),
        ];
        foreach (var (subject, what, before, after) in pairs)
        {
            var (shorter, longer) = (probe.Render(before), probe.Render(after));
            if (shorter.Ok && longer.Ok && !longer.Text.StartsWith(shorter.Text, StringComparison.Ordinal))
            {
                var at = longer.Text.AsSpan().CommonPrefixLength(shorter.Text);
                yield return this.Found(
                    LintSeverity.Warning,
                    $"{what} ends with {RuleFindings.Quote(shorter.Text[at..])} but goes on with {RuleFindings.Quote(longer.Text[at..])} once other messages follow.",
                    shorter.Text.Length == 0 ? null : shorter.At(at),
                    subject);
            }
        }
    }
}
