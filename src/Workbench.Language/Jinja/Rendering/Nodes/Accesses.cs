using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary><c>a.name</c>. What the name means on a string, dict or list is looked up once, here.</summary>
internal sealed class AttributeNode : Node
{
    private readonly Node operand;
    private readonly string name;
    private readonly StringValue key;
    private readonly bool isPrivate;
    private readonly Method? stringMethod;
    private readonly Method? dictMethod;
    private readonly Method? listMethod;
    private readonly bool isDictName;
    private readonly LoopAttribute loopAttribute;

    public AttributeNode(Node operand, string name)
    {
        this.operand = operand;
        this.name = name;
        key = new StringValue(name);
        isPrivate = name.StartsWith('_');
        stringMethod = StringMethods.All.GetValueOrDefault(name);
        dictMethod = DictMethods.All.GetValueOrDefault(name);
        listMethod = SequenceMethods.OfList.GetValueOrDefault(name);
        isDictName = isPrivate || dictMethod is not null || DictMethods.Mutating.Contains(name);
        loopAttribute = LoopValue.AttributeOf(name);
    }

    public override Value Evaluate(Frame frame) => Read(frame.Context, operand.Evaluate(frame));

    /// <summary>
    /// The owner and, where the attribute is a method of a built-in type, that method, so that calling it needs no bound
    /// method object; otherwise the attribute's value.
    /// </summary>
    public (Value Owner, Method? Method, Value? Value) EvaluateForCall(Frame frame)
    {
        var owner = operand.Evaluate(frame);
        var method = owner switch
        {
            StringValue { IsMarkup: false } => stringMethod,
            DictValue => dictMethod,
            ListValue => listMethod,
            _ => null,
        };
        return method is not null && !isPrivate ? (owner, method, null) : (owner, null, Read(frame.Context, owner));
    }

    private Value Read(RenderContext context, Value owner)
    {
        switch (owner)
        {
            case DictValue dict when !isDictName:
                return dict.Item(context, key) ?? UndefinedValue.Of(owner, key);
            case LoopValue loop when loopAttribute != LoopAttribute.None:
                return loop.Read(loopAttribute);
            default:
                return Access.Attribute(context, owner, name);
        }
    }
}

/// <summary><c>a[key]</c>.</summary>
internal sealed class ItemNode(Node operand, Node key) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var owner = operand.Evaluate(frame);
        return Access.Item(frame.Context, owner, key.Evaluate(frame));
    }
}

/// <summary><c>a[b:c:d]</c>, which bypasses the sandbox's subscript and so raises Python's own errors.</summary>
internal sealed class SliceNode(Node operand, Node? start, Node? stop, Node? step) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var owner = operand.Evaluate(frame);
        var slice = new SliceValue(Bound(start, frame), Bound(stop, frame), Bound(step, frame));
        return owner.Item(frame.Context, slice) ?? throw (owner switch
        {
            DictValue => PythonError.TypeError("unhashable type: 'slice'"),
            FunctionValue { TypeName: "type" } type => PythonError.TypeError($"type '{type.Name}' is not subscriptable"),
            _ => PythonError.TypeError($"'{owner.TypeName}' object is not subscriptable"),
        });
    }

    private static Value Bound(Node? bound, Frame frame) => bound?.Evaluate(frame) ?? NoneValue.Instance;
}
