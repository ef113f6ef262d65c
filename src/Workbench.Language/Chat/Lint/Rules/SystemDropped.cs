using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A system message that never reaches the text.</summary>
internal sealed class SystemDropped : ILintRule
{
    public string Name => "system-dropped";

    public string Explanation => "Instructions in the data are neither learnt nor followed, without any error.";

    public string Fix => "Write messages with the role system, or raise_exception for them; else move the instructions into the first user message.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var rendering = probe.Render(Conversations.WithSystem);
        if (!probe.Render(Conversations.Turn).Ok)
        {
            yield break;
        }

        if (!rendering.Ok)
        {
            yield return this.Refused(LintSeverity.Info, "A system message is refused", rendering.Error!, "refused");
        }
        else if (!rendering.Wrote(0, "content"))
        {
            yield return this.Found(LintSeverity.Warning, "A system message does not reach the text.", subject: "dropped");
        }
    }
}
