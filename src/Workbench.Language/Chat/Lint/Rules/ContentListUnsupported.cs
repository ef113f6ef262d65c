using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Content in the form of a list of parts that is not taken apart.</summary>
internal sealed class ContentListUnsupported : ILintRule
{
    public string Name => "content-list-unsupported";

    public string Explanation => "OpenAI's clients and multimodal data send content as a list of parts; the model would see a Python list instead of the text.";

    public string Fix => "Loop over message.content where it is not a string, and write each part's text.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var rendering = probe.Render(Conversations.ListContent);
        if (!probe.Render(Conversations.Turn).Ok)
        {
            yield break;
        }

        if (!rendering.Ok)
        {
            yield return this.Refused(LintSeverity.Info, "Content in parts is refused", rendering.Error!, "refused");
        }
        else if (!rendering.Wrote(0, "content[0].text"))
        {
            yield return this.Found(LintSeverity.Warning, "The text of content in parts does not reach the text.", subject: "dropped");
        }
        else if (rendering.Wrote(0, "content[0].type"))
        {
            yield return this.Found(
                LintSeverity.Warning, "Content in parts is written as a list.", rendering.First(0, "content[0].text"), "written");
        }
    }
}
