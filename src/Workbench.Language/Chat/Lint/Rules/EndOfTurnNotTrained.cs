using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Masks;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>An answer whose end is not written, or not enclosed by the generation tags.</summary>
internal sealed class EndOfTurnNotTrained : ILintRule
{
    public string Name => "end-of-turn-not-trained";

    public string Explanation => "A model that is not trained to end its turn goes on writing until the token limit, often playing the user as well.";

    public string Fix => "Write eos_token or the end-of-turn token right behind the content, and close {% generation %} behind it.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        if (probe.Mask(Conversations.Turn) is not { } mask || !mask.Reasons.Any(reason => reason.Kind == LabelKind.AssistantContent))
        {
            yield break;
        }

        var ends = Enumerable.Range(0, mask.Reasons.Length).Where(i => mask.Reasons[i].Kind == LabelKind.EndOfTurn).ToList();
        var map = probe.Render(Conversations.Turn);
        if (ends.Count == 0)
        {
            yield return this.Found(LintSeverity.Warning, "Nothing ends an answer.", map.First(1, "content"), "missing");
        }
        else if (mask.AssistantMasks is { } tagged && tagged.Contains(1) && ends.Exists(i => tagged[i] == 0))
        {
            var end = TemplateProbe.EndOf(mask, 1)!;
            yield return this.Found(
                LintSeverity.Warning, $"The generation tags leave out {end}, which ends an answer.", map.At(mask.Encoding.CharOffsets[ends[0]].Start), "tags");
        }
    }
}
