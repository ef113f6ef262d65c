using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>
/// Collects the spans of <c>{% generation %}</c>. A span starts at what the root has written so far, also where the tag
/// stands inside a macro or a set block: that is how transformers measures it.
/// </summary>
internal sealed class GenerationTracker(TextBuilder root)
{
    private int measured;
    private int codePoints;

    public List<(int Start, int End)> Spans { get; } = [];

    public void Record(StringValue text)
    {
        codePoints += StringValue.CountCodePoints(root.Span[measured..]);
        measured = root.Length;
        Spans.Add((codePoints, codePoints + text.CodePoints));
    }
}
