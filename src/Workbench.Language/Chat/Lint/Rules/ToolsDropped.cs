using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Tools, calls or results that never reach the text.</summary>
internal sealed class ToolsDropped : ILintRule
{
    public string Name => "tools-dropped";

    public string Explanation => "A model that is not shown tools and results cannot learn to use them; the data look complete and are not.";

    public string Fix => "Write tools, message.tool_calls and messages with the role tool, or use a template made for tools.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        if (!probe.Render(Conversations.Turn).Ok)
        {
            yield break;
        }

        if (probe.Render(Conversations.Turn, tools: true) is { Ok: true } listed && !listed.Wrote(null, "tools"))
        {
            yield return this.Found(LintSeverity.Info, "The list of tools does not reach the text.", subject: "tools");
        }

        var round = probe.Render(Conversations.ToolRound) is { Ok: true } objects ? objects : probe.Render(Conversations.TextToolRound);
        if (!round.Ok)
        {
            yield return this.Refused(LintSeverity.Info, "A conversation with a tool call is refused", round.Error!, "refused");
            yield break;
        }

        if (!round.Wrote(1, "tool_calls[0].function"))
        {
            yield return this.Found(LintSeverity.Warning, "The assistant's tool calls do not reach the text.", subject: "calls");
        }

        if (!round.Wrote(2, "content"))
        {
            yield return this.Found(LintSeverity.Warning, "The results of tools do not reach the text.", subject: "results");
        }
    }
}
