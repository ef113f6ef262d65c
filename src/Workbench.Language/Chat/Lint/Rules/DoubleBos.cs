using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A rendering that begins with two BOS tokens, or would once tokenized.</summary>
internal sealed class DoubleBos : ILintRule
{
    public string Name => "double-bos";

    public string Explanation => "The model has never seen two BOS tokens; many answer noticeably worse behind them.";

    public string Fix => "Tokenize what a template renders with add_special_tokens=False, or leave bos_token to the tokenizer.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        var rendering = probe.Render(Conversations.Turn);
        if (!rendering.Ok || probe.SpecialTokens.GetValueOrDefault("bos_token") is not { Length: > 0 } bos)
        {
            yield break;
        }

        if (rendering.Text.StartsWith(bos + bos, StringComparison.Ordinal))
        {
            yield return this.Found(LintSeverity.Warning, $"The text begins with {bos} twice.", rendering.At(0), "template");
        }
        else if (probe.Model is { BosTokenId: { } id } model && model.Tokenizer.Encode(rendering.Text).Ids is [var first, var second, ..] && first == id && second == id)
        {
            yield return this.Found(LintSeverity.Warning, $"The template writes {bos} and the tokenizer adds another one.", rendering.At(0), "tokenizer");
        }
    }
}
