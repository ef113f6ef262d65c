using System.Text.RegularExpressions;
using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>Special tokens that the template writes and the tokenizer does not have.</summary>
internal sealed class SpecialTokenMissing : ILintRule
{
    public string Name => "special-token-missing";

    public string Explanation => "Such a token falls into many ordinary ones: the model does not know it, and generation does not stop at it.";

    public string Fix => "Use the template that belongs to the model, or add the tokens to the tokenizer and train their embeddings.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        if (probe.Model is not { } model)
        {
            yield break;
        }

        var reported = new HashSet<string>();
        foreach (var rendering in ((string[])[Conversations.TwoTurns, Conversations.WithSystem, Conversations.ToolRound]).Select(c => probe.Render(c)).Where(r => r.Ok))
        {
            foreach (Match tag in ProbeTokenizer.Tag().Matches(rendering.Text))
            {
                // [INST] is plain text to Llama 2 and special to later Mistrals: only what can be nothing else counts.
                if (tag.Value[0] == '<' && model.Tokenizer.TokenToId(tag.Value) is null && reported.Add(tag.Value))
                {
                    yield return this.Found(LintSeverity.Warning, $"The tokenizer has no token {tag.Value}.", rendering.At(tag.Index), tag.Value);
                }
            }
        }
    }
}
