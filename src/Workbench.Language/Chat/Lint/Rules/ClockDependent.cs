using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A rendering that depends on the day.</summary>
internal sealed class ClockDependent : ILintRule
{
    public string Name => "clock-dependent";

    public string Explanation => "Training sees the day of the training run in every sample and inference another one; prompt caches miss every day.";

    public string Fix => "Pass the date as a variable, and vary it in the training data.";

    private static readonly DateTime AnotherDay = new(2031, 11, 27, 21, 8, 9);

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        foreach (var (conversation, tools) in new[] { (Conversations.Turn, false), (Conversations.WithSystem, true) })
        {
            var (today, later) = (probe.Render(conversation, tools: tools), probe.Render(conversation, tools: tools, now: AnotherDay));
            if (today.Ok && later.Ok && today.Text != later.Text)
            {
                var at = today.Text.AsSpan().CommonPrefixLength(later.Text);
                yield return this.Found(LintSeverity.Warning, "The text holds the time of its rendering.", today.At(at));
                yield break;
            }
        }
    }
}
