using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary><c>namespace()</c>: the one value whose attributes a template may set.</summary>
internal sealed class NamespaceValue(DictValue attributes) : Value
{
    public override string TypeName => "Namespace";

    public override string Description => "jinja2.utils.Namespace object";

    public override void WriteRepr(TextBuilder text)
    {
        Recursion.Check();
        text.Append("<Namespace ");
        attributes.WriteRepr(text);
        text.Append('>');
    }

    public void Set(string name, Value value) => attributes.Set(new StringValue(name), value);

    public override Value? Attribute(RenderContext context, string name) => attributes.Get(name);
}
