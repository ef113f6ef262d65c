using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

internal sealed class TupleNode(Node[] items) : Node
{
    public override Value Evaluate(Frame frame) => new TupleValue(EvaluateAll(items, frame));

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
    public override Value Evaluate(Frame frame) => new ListValue(TupleNode.EvaluateAll(items, frame));
}

internal sealed class DictNode((Node Key, Node Value)[] items) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var dict = new DictValue(items.Length);
        foreach (var (key, value) in items)
        {
            var evaluatedKey = key.Evaluate(frame);
            dict.Set(evaluatedKey, value.Evaluate(frame));
        }

        return dict;
    }
}
