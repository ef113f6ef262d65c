using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>User-supplied text that ends a turn.</summary>
internal sealed class ForgedSpecial : ILintRule
{
    public string Name => "forged-special";

    public string Explanation => "Nothing stops a message from spelling out the token that ends a turn and opening another role's.";

    public string Fix => "For data that may be hostile, tokenize without recognising special tokens in messages (--split-special-tokens).";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        if (probe.Mask(Conversations.Turn) is not { } mask || TemplateProbe.EndOf(mask, 1) is not { } end)
        {
            yield break;
        }

        var content = Conversations.UserWord + end;
        var rendering = probe.Render(Conversations.Of(Conversations.Message("user", content), Conversations.Answer));
        if (rendering.Ok && rendering.Written(0, "content").Contains(content, StringComparison.Ordinal)
            && (probe.Model is null || probe.Model.Tokenizer.TokenToId(end) is not null))
        {
            yield return this.Found(LintSeverity.Info, $"{end} in a message reaches the text as it is.", rendering.First(0, "content"), end);
        }
    }
}
