using Workbench.Language.Chat.Lint;
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

    /// <summary>Whether it renders otherwise because a limit stopped it.</summary>
    public bool ReachedLimit { get; private set; }

    /// <summary>Conversations whose tags and origin disagree, with a sentence on the first place where they do.</summary>
    public List<(RepairProbe Probe, string How)> Differing { get; } = [];

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
                (tagging.Changed, tagging.ReachedLimit) = (probe, original.ReachedLimit || repaired.ReachedLimit);
                break;
            }

            var tagged = probe.IsMasked && before.Ok ? probe.Tagged(repaired) ?? new bool[before.Text.Length] : null;
            if (masks is not null && !masks._masks[tagging._masks.Count].AsSpan().SequenceEqual(tagged))
            {
                return null;
            }

            tagging._masks.Add(tagged);
            if (tagged is not null && probe.IsComplete(before) && Difference(before.Text, probe.Trained(original)!, tagged) is { } how)
            {
                tagging.Differing.Add((probe, $"With {probe.Name}, the tags {how}."));
            }
        }

        return tagging;
    }

    private static string? Difference(string text, bool[] trained, bool[] tagged)
    {
        var start = trained.AsSpan().CommonPrefixLength(tagged);
        if (start == text.Length)
        {
            return null;
        }

        var end = start;
        while (end < text.Length && trained[end] != tagged[end] && tagged[end] == tagged[start])
        {
            end++;
        }

        return (tagged[start] ? "enclose " : "leave out ") + RuleFindings.Quote(text[start..end]);
    }
}
