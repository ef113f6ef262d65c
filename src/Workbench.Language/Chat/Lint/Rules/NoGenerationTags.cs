using Workbench.Language.Chat.Lint.Probing;

namespace Workbench.Language.Chat.Lint.Rules;

/// <summary>A template for which transformers has no assistant mask.</summary>
internal sealed class NoGenerationTags : ILintRule
{
    public string Name => "no-generation-tags";

    public string Explanation => "transformers and TRL (assistant_only_loss) know what the assistant says by {% generation %} tags alone. This workbench does without them.";

    public string Fix => "Let the repair add the tags, so that other tools train on the same tokens.";

    public IEnumerable<LintFinding> Check(TemplateProbe probe)
    {
        if (!probe.Template.HasGenerationTag && probe.Render(Conversations.Turn) is { Ok: true } turn)
        {
            yield return this.Found(LintSeverity.Info, "There are no {% generation %} tags.", turn.First(1, "content"));
        }
    }
}
