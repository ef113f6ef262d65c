using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Masks;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A plain answer of which no token would be trained.</summary>
internal sealed class NothingTrained : ILintRule
{
    public string Name => "nothing-trained";

    public string Explanation => "Training on such a rendering learns nothing, and the loss is not a number or zero.";

    public string Fix => "Write the assistant's content, and where the template has {% generation %} tags put them around it.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        if (probe.Mask(Conversations.Turn) is not { } mask)
        {
            yield break;
        }

        if (!mask.Reasons.Any(reason => reason is { Kind: LabelKind.AssistantContent }))
        {
            yield return this.Found(LintSeverity.Error, "The assistant's content does not reach the text.", subject: "content");
        }
        else if (mask.AssistantMasks is { } tagged && !tagged.Contains(1))
        {
            yield return this.Found(LintSeverity.Error, "The generation tags enclose nothing of a plain answer.", subject: "tags");
        }
    }
}
