using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A template that refuses two messages of the user in a row.</summary>
internal sealed class AlternationRequired : ILintRule
{
    public string Name => "alternation-required";

    public string Explanation => "Rows of real data with such messages fail in the middle of a run.";

    public string Fix => "Join neighbouring messages of one role before training, or let the template write them one by one.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var rendering = probe.Render(Conversations.Repeated);
        if (!rendering.Ok && probe.Render(Conversations.Turn).Ok)
        {
            yield return this.Refused(LintSeverity.Info, "Two user messages in a row are refused", rendering.Error!);
        }
    }
}
