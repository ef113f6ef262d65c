using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// A Python value as a template sees it. Values are immutable, namespaces and iterators excepted: the sandbox that
/// transformers renders in forbids every change of a list or dict.
/// </summary>
internal abstract class Value
{
    /// <summary>Characters of a repr made for an error message.</summary>
    private const int MaxRepr = 1 << 24;

    /// <summary>The input this value is, while a source map is recorded; strings carry segments instead.</summary>
    public FieldOrigin? Origin { get; init; }

    /// <summary><c>type(x).__name__</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>How Jinja2 names the value in "… has no attribute": <c>'dict object'</c>, <c>'None'</c>.</summary>
    public virtual string Description => TypeName + " object";

    /// <summary><c>bool(x)</c>.</summary>
    public virtual bool IsTrue => true;

    /// <summary><c>len(x)</c>; null where Python raises TypeError.</summary>
    public virtual int? Length => null;

    public virtual bool IsCallable => false;

    /// <summary>Appends <c>repr(x)</c>.</summary>
    public abstract void WriteRepr(TextBuilder text);

    /// <summary>Appends <c>str(x)</c>.</summary>
    public virtual void WriteStr(TextBuilder text) => WriteRepr(text);

    /// <summary><c>getattr(x, name)</c> for a name without leading underscore; null for AttributeError.</summary>
    public virtual Value? Attribute(RenderContext context, string name) => null;

    /// <summary><c>x[key]</c>; null for TypeError or LookupError, which Jinja2 turns into an undefined value.</summary>
    public virtual Value? Item(RenderContext context, Value key) => null;

    /// <summary><c>iter(x)</c>; null where the value is not iterable.</summary>
    public virtual IEnumerator<Value>? Iterate(RenderContext context) => null;

    public virtual Value Call(RenderContext context, in Arguments arguments) =>
        throw PythonError.TypeError($"'{TypeName}' object is not callable");

    /// <summary><c>x == other</c>, other being of any type.</summary>
    public virtual bool EqualTo(Value other) => ReferenceEquals(this, other);

    /// <summary><c>hash(x)</c>, equal for values that are equal; TypeError for lists and dicts.</summary>
    public virtual int Hash() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public string Repr()
    {
        var text = new TextBuilder(traced: false, limit: MaxRepr, capacity: 64);
        WriteRepr(text);
        return text.ToString();
    }

    /// <summary><c>str(x)</c> with provenance; Markup stays what it is.</summary>
    public virtual StringValue ToStr(RenderContext context)
    {
        var text = context.NewText();
        WriteStr(text);
        return text.ToValue();
    }
}
