using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Masks;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Generation tags that enclose what the model never has to write.</summary>
internal sealed class GenerationSpanHeaders : ILintRule
{
    public string Name => "generation-span-headers";

    public string Explanation => "Training on a header teaches the model to write what the application writes for it; white space behind the end of a turn comes after generation has stopped.";

    public string Fix => "Open {% generation %} behind the header that add_generation_prompt writes, and close it right behind the end of the turn.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var reported = new HashSet<string>();
        foreach (var conversation in (string[])[Conversations.Turn, Conversations.TwoTurns, Conversations.ToolRound])
        {
            // Of a call that the template drops only the end of the turn is left, which has no origin in a message.
            if (probe.Mask(conversation) is not { AssistantMasks: { } tagged } mask
                || (conversation == Conversations.ToolRound && !probe.Render(conversation).Wrote(1, "tool_calls")))
            {
                continue;
            }

            foreach (var (start, end) in Runs(mask, tagged))
            {
                var text = mask.Rendered[start..end];
                var subject = string.IsNullOrWhiteSpace(text) ? "whitespace" : "headers";
                if (reported.Add(subject))
                {
                    yield return this.Found(
                        subject == "headers" ? LintSeverity.Warning : LintSeverity.Info,
                        $"The generation tags enclose {RuleFindings.Quote(text)}.",
                        probe.Render(conversation, """{"return_assistant_tokens_mask":true}""").At(start),
                        subject);
                }
            }
        }
    }

    /// <summary>Stretches of text that the tags enclose and that the assistant does not say.</summary>
    private static IEnumerable<(int Start, int End)> Runs(MaskedChat mask, int[] tagged)
    {
        for (var i = 0; i < tagged.Length; i++)
        {
            var first = i;
            while (i < tagged.Length && tagged[i] == 1 && mask.ProvenanceMasks[i] == 0)
            {
                i++;
            }

            if (i > first)
            {
                yield return (mask.Encoding.CharOffsets[first].Start, mask.Encoding.CharOffsets[i - 1].End);
            }
        }
    }
}
