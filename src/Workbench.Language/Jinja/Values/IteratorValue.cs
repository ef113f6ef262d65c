using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>A Python generator or iterator: lazy, and empty once it was read.</summary>
internal sealed class IteratorValue(string typeName, IEnumerator<Value> items, string? function = null) : Value
{
    public override string TypeName => typeName;

    public override void WriteRepr(TextBuilder text) =>
        text.Append(function is null ? $"<{typeName} object at 0x7f0000000000>" : $"<{typeName} object {function} at 0x7f0000000000>");

    public override IEnumerator<Value> Iterate(RenderContext context) => Guarded();

    // Generators wrapped in generators recurse as deep as the chain is long.
    private IEnumerator<Value> Guarded()
    {
        while (Advance())
        {
            yield return items.Current;
        }
    }

    private bool Advance()
    {
        Recursion.Check();
        return items.MoveNext();
    }
}
