using Workbench.Language.Chat.Lint.Probing;
using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Chat.Repair;

/// <summary>A template with tags, compared with the template without.</summary>
internal sealed class Tagging
{
    private readonly List<bool[]?> _masks = [];

    private Tagging(string template) => Template = template;

    public string Template { get; }

    /// <summary>The first conversation that renders otherwise than before.</summary>
    public RepairProbe? Changed { get; private set; }

    /// <summary>Conversations whose tags and origin disagree.</summary>
    public List<RepairProbe> Differing { get; } = [];

    /// <summary>Compares all conversations, up to the first that renders otherwise.</summary>
    /// <param name="template">The text with tags.</param>
    /// <param name="original">Probes of the text without.</param>
    /// <param name="masks">A tagging whose masks must come out; the first other one ends the comparison.</param>
    /// <returns>Null where the text does not parse, or a mask is another.</returns>
    public static Tagging? Of(string template, TemplateProbe original, Tagging? masks = null)
    {
        TemplateProbe repaired;
        try
        {
            repaired = new TemplateProbe(ChatTemplate.Parse(template), original);
        }
        catch (TemplateException)
        {
            return null;
        }

        var tagging = new Tagging(template);
        foreach (var probe in RepairProbe.All)
        {
            var (before, after) = (probe.Render(original), probe.Render(repaired));
            if (!before.IsSame(after))
            {
                tagging.Changed = probe;
                break;
            }

            var tagged = probe.IsMasked && before.Ok ? probe.Tagged(repaired) : null;
            if (masks is not null && !masks._masks[tagging._masks.Count].AsSpan().SequenceEqual(tagged))
            {
                return null;
            }

            tagging._masks.Add(tagged);
            if (probe.IsMasked && before.Ok && probe.IsComplete(before) && !probe.Trained(original).AsSpan().SequenceEqual(tagged))
            {
                tagging.Differing.Add(probe);
            }
        }

        return tagging;
    }
}
