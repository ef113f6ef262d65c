using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary>A variable of this function or of one around it; where it lies is settled once all functions are compiled.</summary>
internal sealed class Variable
{
    public int Hops { get; set; }

    public int Index { get; set; }

    public Value? Read(Frame frame)
    {
        for (var hops = Hops; hops > 0; hops--)
        {
            frame = frame.Parent!;
        }

        return frame.Slots[Index];
    }
}

internal sealed class NameNode(Variable variable, string name) : Node
{
    private readonly UndefinedValue undefined = UndefinedValue.Name(name);

    public override Value Evaluate(Frame frame) =>
        (variable.Hops == 0 ? frame.Slots[variable.Index] : variable.Read(frame)) ?? undefined;
}

/// <summary>A literal, or an expression of literals that was evaluated beforehand.</summary>
internal sealed class ConstantNode(Value plain, Value traced) : Node
{
    public Value Plain { get; } = plain;

    public override Value Evaluate(Frame frame) => frame.Context.Traced ? traced : Plain;
}

/// <summary>
/// An infinite or undefined float in code that Jinja2 generates: it writes <c>inf</c>, which Python takes for a name.
/// </summary>
internal sealed class UnwritableConstantNode(string name) : Node
{
    public override Value Evaluate(Frame frame) => throw new PythonError("NameError", $"name '{name}' is not defined");
}

internal sealed class NameTargetNode(int slot) : TargetNode
{
    public override void Assign(Frame frame, Value value) => frame.Slots[slot] = value;
}

/// <summary>
/// <c>ns.name</c> as a target. A plain set has checked that it is a namespace; a set block has not, and its generated code
/// then assigns an item of whatever it finds.
/// </summary>
internal sealed class NamespaceTargetNode(Variable variable, string attribute) : TargetNode
{
    public override void Assign(Frame frame, Value value)
    {
        switch (variable.Read(frame))
        {
            case NamespaceValue target:
                target.Set(attribute, value);
                break;
            case ListValue:
                throw PythonError.TypeError("list indices must be integers or slices, not str");
            case var other:
                throw PythonError.TypeError($"'{other?.TypeName ?? "_MissingType"}' object does not support item assignment");
        }
    }
}

/// <summary>Unpacks an iterable into as many targets.</summary>
internal sealed class TupleTargetNode(TargetNode[] targets) : TargetNode
{
    public override void Assign(Frame frame, Value value)
    {
        if (value is SequenceValue sequence)
        {
            Check(sequence.Items.Length);
            for (var index = 0; index < targets.Length; index++)
            {
                targets[index].Assign(frame, sequence.Items[index]);
            }

            return;
        }

        var items = value.Iterate(frame.Context) ?? throw PythonError.TypeError($"cannot unpack non-iterable {value.TypeName} object");
        var unpacked = new List<Value>();
        while (unpacked.Count <= targets.Length && items.MoveNext())
        {
            unpacked.Add(items.Current);
        }

        Check(unpacked.Count);
        for (var index = 0; index < targets.Length; index++)
        {
            targets[index].Assign(frame, unpacked[index]);
        }
    }

    private void Check(int count)
    {
        if (count > targets.Length)
        {
            throw PythonError.ValueError($"too many values to unpack (expected {targets.Length})");
        }

        if (count < targets.Length)
        {
            throw PythonError.ValueError($"not enough values to unpack (expected {targets.Length}, got {count})");
        }
    }
}
