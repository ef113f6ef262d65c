using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary>Copies what the top level assigned to where blocks look names up.</summary>
internal sealed class Exports((string Name, Variable Value)[] names)
{
    public void Apply(Frame frame)
    {
        foreach (var (name, variable) in names)
        {
            if (variable.Read(frame) is { } value)
            {
                (frame.Context.Exported ??= [])[name] = value;
            }
        }
    }
}

/// <summary><c>{% set target = value %}</c>.</summary>
internal sealed class SetNode(
    TargetNode target, Node value, int line, (Variable Namespace, int Line)[] namespaces, Exports? exports) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        var context = frame.Context;
        foreach (var (variable, checkLine) in namespaces)
        {
            // Checked before the value is evaluated, and reported at the line before: so does the code Jinja2 generates.
            context.Line = checkLine;
            if (variable.Read(frame) is not NamespaceValue)
            {
                throw PythonError.Runtime("cannot assign attribute on non-namespace object");
            }
        }

        context.Line = line;
        context.Charge(1);
        target.Assign(frame, value.Evaluate(frame));
        exports?.Apply(frame);
        return Flow.Next;
    }
}

/// <summary>A block whose text goes elsewhere than into the output.</summary>
internal abstract class CaptureNode(Scope scope, StatementNode[] body, int line) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        var context = frame.Context;
        scope.Enter(frame);
        var text = context.NewText();
        var flow = ExecuteAll(body, frame, text);
        if (flow != Flow.Next)
        {
            context.Release(text);
            return flow;
        }

        context.Line = line;
        Use(frame, context.Finish(text, context.AutoEscape), output);
        scope.Leave(frame);
        return Flow.Next;
    }

    /// <param name="frame">Still inside the block's scope.</param>
    /// <param name="text">What the body wrote: Markup under autoescape.</param>
    /// <param name="output">Where the block itself stands.</param>
    protected abstract void Use(Frame frame, StringValue text, TextBuilder output);
}

/// <summary><c>{% set target %}…{% endset %}</c>, with filters perhaps.</summary>
internal sealed class SetBlockNode(
    Scope scope, StatementNode[] body, int captured, Node? filter, TargetNode target, int line, Exports? exports)
    : CaptureNode(scope, body, line)
{
    protected override void Use(Frame frame, StringValue text, TextBuilder output)
    {
        Value value = text;
        if (filter is not null)
        {
            frame.Slots[captured] = text;
            value = filter.Evaluate(frame);
        }

        target.Assign(frame, frame.Context.AutoEscape ? value.ToStr(frame.Context).AsMarkup() : value);
        exports?.Apply(frame);
    }
}

/// <summary><c>{% filter %}…{% endfilter %}</c>.</summary>
internal sealed class FilterBlockNode(
    Scope scope, StatementNode[] body, int captured, Node filter, int line, TemplatePosition position) : CaptureNode(scope, body, line)
{
    protected override void Use(Frame frame, StringValue text, TextBuilder output)
    {
        frame.Slots[captured] = text;
        var mark = output.Traced ? output.SegmentMark() : 0;
        WriteChecked(filter.Evaluate(frame), output);
        if (output.Traced)
        {
            output.Stamp(mark, position);
        }
    }

    /// <summary>Jinja2 joins what its blocks yield without converting it: anything but a string is Python's error.</summary>
    private static void WriteChecked(Value value, TextBuilder output)
    {
        if (value is not StringValue text)
        {
            throw PythonError.TypeError($"sequence item 0: expected str instance, {value.TypeName} found");
        }

        output.Append(text);
    }
}
