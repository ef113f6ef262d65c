using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary>An expression prepared for evaluation.</summary>
internal abstract class Node
{
    public abstract Value Evaluate(Frame frame);

    public virtual bool IsTrue(Frame frame) => Evaluate(frame).IsTrue;

    /// <summary>Appends <c>str()</c> of the value; nodes that make long strings write their parts instead.</summary>
    public virtual void WriteTo(Frame frame, TextBuilder output) => Evaluate(frame).WriteStr(output);
}

/// <summary>A statement prepared for execution.</summary>
internal abstract class StatementNode
{
    public abstract Flow Execute(Frame frame, TextBuilder output);

    public static Flow ExecuteAll(StatementNode[] body, Frame frame, TextBuilder output)
    {
        foreach (var statement in body)
        {
            var flow = statement.Execute(frame, output);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }
}

/// <summary>A place to assign to.</summary>
internal abstract class TargetNode
{
    public abstract void Assign(Frame frame, Value value);
}
