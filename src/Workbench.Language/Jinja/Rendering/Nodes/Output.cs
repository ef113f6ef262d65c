using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary>Text of the template, and what was constant beside it.</summary>
internal sealed class TextNode(StringValue text) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        output.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ expression }}</c>.</summary>
internal sealed class PrintNode(Node expression, int line, TemplatePosition position, Escaping escaping) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        var context = frame.Context;
        context.Line = line;
        var mark = output.Traced ? output.SegmentMark() : 0;
        var start = output.Length;
        if (escaping == Escaping.Off || (escaping == Escaping.Volatile && !context.AutoEscape))
        {
            expression.WriteTo(frame, output);
        }
        else
        {
            output.Append(StringOperations.Escape(context, expression.Evaluate(frame)));
        }

        context.Charge(1 + ((output.Length - start) >> 5));
        if (output.Traced)
        {
            output.Stamp(mark, position);
        }

        return Flow.Next;
    }
}
