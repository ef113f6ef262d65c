using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

internal sealed class TupleNode(Node[] items) : Node
{
    public override Value Evaluate(Frame frame)
    {
        frame.Context.Charge(1 + items.Length);
        return new TupleValue(EvaluateAll(items, frame));
    }

    public static Value[] EvaluateAll(Node[] nodes, Frame frame)
    {
        if (nodes.Length == 0)
        {
            return [];
        }

        var values = new Value[nodes.Length];
        for (var index = 0; index < nodes.Length; index++)
        {
            values[index] = nodes[index].Evaluate(frame);
        }

        return values;
    }
}

internal sealed class ListNode(Node[] items) : Node
{
    public override Value Evaluate(Frame frame)
    {
        frame.Context.Charge(1 + items.Length);
        return new ListValue(TupleNode.EvaluateAll(items, frame));
    }
}

internal sealed class DictNode((Node Key, Node Value)[] items) : Node
{
    public override Value Evaluate(Frame frame)
    {
        frame.Context.Charge(1 + items.Length);

        // All is evaluated before anything is hashed: an unhashable key is an error only then.
        var evaluated = new KeyValuePair<Value, Value>[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            var key = items[index].Key.Evaluate(frame);
            evaluated[index] = new(key, items[index].Value.Evaluate(frame));
        }

        var dict = new DictValue(items.Length);
        foreach (var (key, value) in evaluated)
        {
            dict.Set(key, value);
        }

        return dict;
    }
}
