using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Masks;

/// <summary>What looks wrong about a mask, in sentences.</summary>
internal static class MaskFindings
{
    public static void Add(
        List<string> warnings,
        TokenEncoding encoding,
        LabelReason[] provenance,
        int[]? assistantMasks,
        List<int> withoutEnd,
        MaskOptions options,
        LabelReason[] chosen)
    {
        if (!Array.Exists(chosen, r => r.Trained) && warnings.Count == 0)
        {
            warnings.Add("Nothing is trained: no assistant message reaches the text. Check the roles, the train flags, and whether the template drops the answer.");
        }

        foreach (var message in withoutEnd)
        {
            warnings.Add($"Message {message}: the template writes nothing that ends the turn, so the model does not learn to stop. Write eos_token or an end token right behind the content.");
        }

        if (assistantMasks is null || options is not { Train: TrainOn.Assistant or TrainOn.GenerationTags, Reasoning: true, ToolCalls: true }
            || Array.Exists(provenance, r => r.Kind == LabelKind.SwitchedOff))
        {
            return;
        }

        var differing = Enumerable.Range(0, provenance.Length).Where(i => provenance[i].Trained != (assistantMasks[i] == 1)).ToArray();
        if (differing.Length == 0)
        {
            return;
        }

        var at = differing[0];
        var which = provenance[at].Kind == LabelKind.EndOfTurn
            ? "the tags leave out the end of the turn, so the model does not learn to stop. Close {% generation %} behind the end token"
            : provenance[at].Trained
                ? "the tags leave out what the assistant says. Open {% generation %} before it"
                : "the tags enclose text that the assistant does not say. Close {% generation %} before it, or open it later";
        warnings.Add($"{differing.Length} tokens differ between the template's generation tags and the origin of the text, the first being token {at} (\"{encoding.Tokens[at]}\"): {which}.");
    }
}
