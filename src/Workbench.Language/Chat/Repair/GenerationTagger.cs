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
    /// <summary>Time for all probes of one text.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    /// <summary>Places that are tried without.</summary>
    private const int MaxTrials = 24;

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

        // Where reasoning and tool calls contradict what plain answers show, plain answers alone decide.
        var outline = TemplateOutline.Of(template);
        var masked = RepairProbe.All.Where(probe => probe.IsMasked).ToList();
        var repair = Repair(original, outline, masked);
        return repair.Template is null && Repair(original, outline, masked[..RepairProbe.Plain]) is { Template: not null } plainly ? plainly : repair;
    }

    private static TemplateRepair Repair(TemplateProbe original, TemplateOutline outline, List<RepairProbe> probes)
    {
        var map = new PieceMap(outline, original);
        foreach (var probe in probes)
        {
            if (probe.Trained(original) is { } trained && map.Note(probe, probe.Render(original).Text, trained) is { } missed && probe == probes[0])
            {
                var line = probe.Render(original).At(missed)?.TemplateLine;
                return TemplateRepair.Impossible($"The answer is written inside a macro or another block whose text is collected first (line {line}): transformers would take a wrong place for a tag there.");
            }
        }

        return Verify(original, new TagWriter(outline, map.Uses), outline, map);
    }

    private static TemplateRepair Verify(TemplateProbe original, TagWriter writer, TemplateOutline outline, PieceMap map)
    {
        if (Tagging.Of(writer.Write(), original) is not { } all)
        {
            return TemplateRepair.Impossible("Tags around the answer leave a template that does not parse.");
        }

        if (all.Changed is { } changed)
        {
            return TemplateRepair.Impossible($"With tags around the answer, {changed.Name} would render otherwise than before.");
        }

        if (all.Differing.Contains(RepairProbe.All[0]))
        {
            return TemplateRepair.Impossible(Inseparable(outline, map) is { } line
                ? $"Line {line} writes the answer and what is not the assistant's in one expression, which no tag can part."
                : "No place for the tags gives a plain answer its mask.");
        }

        // Text that only other roles' branches share needs no tags: the condition never holds there.
        var (best, leftOut) = (all, new HashSet<int>());
        foreach (var edit in writer.Conditional.Take(MaxTrials))
        {
            leftOut.Add(edit);
            if (Tagging.Of(writer.Write(leftOut), original, all) is { Changed: null } fewer)
            {
                best = fewer;
            }
            else
            {
                leftOut.Remove(edit);
            }
        }

        return new TemplateRepair(best.Template, null, [.. best.Differing.Select(probe => $"The tags do not fit {probe.Name}.")]);
    }

    private static int? Inseparable(TemplateOutline outline, PieceMap map)
    {
        var piece = map.Uses.Where(entry => entry.Value.Inseparable).Select(entry => entry.Key).OrderBy(p => p.Node.Start).FirstOrDefault();
        return piece is null ? null : new SourceText(outline.Source).PositionOf(piece.Node.Start).Line;
    }
}
