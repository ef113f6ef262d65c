using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Repair;

/// <summary>
/// Adds <c>{% generation %}</c> tags to a template, so that transformers trains on what the origin of the text says:
/// answers, reasoning, tool calls and the end of the turn. Probes tell which part of the template writes what, and no
/// template is offered that renders any of them otherwise than before.
/// </summary>
public static class GenerationTagger
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    /// <summary>Adds the tags.</summary>
    /// <param name="template">The template's text.</param>
    /// <param name="model">The tokenizer of the model it is for: it knows what ends a turn.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static TemplateRepair Repair(string template, PretrainedTokenizer? model = null, CancellationToken cancellationToken = default)
    {
        ChatTemplate parsed;
        try
        {
            parsed = ChatTemplate.Parse(template);
        }
        catch (TemplateException error)
        {
            return TemplateRepair.Impossible($"The template does not parse: {error.Message}");
        }

        if (parsed.HasGenerationTag)
        {
            return TemplateRepair.Impossible("The template has generation tags already. Where they are wrong, move them as the findings say.");
        }

        var original = new TemplateProbe(parsed, model, Budget, cancellationToken);
        var plain = RepairProbe.All[0];
        if (plain.Render(original).Error is { } refusal)
        {
            return TemplateRepair.Impossible($"A question and an answer do not render, so there is nothing to learn from: {refusal.Message}");
        }

        if (plain.Trained(original) is not { } said || !said.Contains(true))
        {
            return TemplateRepair.Impossible("The assistant's content does not reach the text.");
        }

        var outline = TemplateOutline.Of(template);
        var map = new PieceMap(outline, original, Budget, cancellationToken);
        foreach (var probe in RepairProbe.All.Where(probe => probe.IsMasked))
        {
            if (probe.Trained(original) is { } trained && map.Note(probe, probe.Render(original).Text, trained) is { } missed && probe == plain)
            {
                var line = probe.Render(original).At(missed)?.TemplateLine;
                return TemplateRepair.Impossible($"The answer is written inside a macro or another block whose text is collected first (line {line}): transformers would take a wrong place for a tag there.");
            }
        }

        var tagged = new TagWriter(outline, map.Uses).Write();
        return Verify(original, tagged, outline, map, cancellationToken);
    }

    private static TemplateRepair Verify(TemplateProbe original, string tagged, TemplateOutline outline, PieceMap map, CancellationToken cancellationToken)
    {
        ChatTemplate parsed;
        try
        {
            parsed = ChatTemplate.Parse(tagged);
        }
        catch (TemplateException error)
        {
            return TemplateRepair.Impossible($"Tags around the answer leave a template that does not parse: {error.Message}");
        }

        var repaired = new TemplateProbe(parsed, original.Model, Budget, cancellationToken);
        var left = new List<string>();
        foreach (var probe in RepairProbe.All)
        {
            var (before, after) = (probe.Render(original), probe.Render(repaired));
            if (before.Ok != after.Ok || (before.Ok ? before.Text != after.Text : before.Error!.Type != after.Error!.Type || before.Error.Message != after.Error.Message))
            {
                return TemplateRepair.Impossible($"With tags around the answer, {probe.Name} would render otherwise than before.");
            }

            if (!probe.IsMasked || !before.Ok || probe.Trained(original)!.AsSpan().SequenceEqual(probe.Tagged(repaired)))
            {
                continue;
            }

            if (probe == RepairProbe.All[0])
            {
                return TemplateRepair.Impossible(Inseparable(outline, map) is { } line
                    ? $"Line {line} writes the answer and what is not the assistant's in one expression, which no tag can part."
                    : "No place for the tags gives a plain answer its mask.");
            }

            left.Add($"The tags do not fit {probe.Name}.");
        }

        return new TemplateRepair(tagged, null, left);
    }

    private static int? Inseparable(TemplateOutline outline, PieceMap map)
    {
        var piece = map.Uses.Where(entry => entry.Value.Inseparable).Select(entry => entry.Key).OrderBy(p => p.Node.Start).FirstOrDefault();
        return piece is null ? null : new SourceText(outline.Source).PositionOf(piece.Node.Start).Line;
    }
}
