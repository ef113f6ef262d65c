using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary><c>{% macro %}</c>: makes the macro a value of its variable.</summary>
internal sealed class MacroNode(MacroCode code, int slot, Exports? exports) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        frame.Slots[slot] = new MacroValue(code, frame);
        exports?.Apply(frame);
        return Flow.Next;
    }
}

/// <summary><c>{% call %}</c>: calls a macro with the block's body as its <c>caller</c>.</summary>
internal sealed class CallBlockNode(MacroCode code, Node callee, ArgumentsNode arguments, int line, TemplatePosition position)
    : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        var context = frame.Context;
        context.Line = line;
        var function = callee.Evaluate(frame);
        var given = arguments.Evaluate(frame, "jinja2.sandbox.SandboxedEnvironment.call");
        var withCaller = new Arguments(given.Positional, [.. given.Named, new("caller", new MacroValue(code, frame))]);
        var mark = output.Traced ? output.SegmentMark() : 0;
        if (CallNode.Invoke(frame, function, withCaller) is not StringValue text)
        {
            throw PythonError.TypeError("sequence item 0: expected str instance, a call block returned another type");
        }

        output.Append(text);
        if (output.Traced)
        {
            output.Stamp(mark, position);
        }

        return Flow.Next;
    }
}

/// <summary><c>{% generation %}</c>: renders its body and notes the span it will take.</summary>
internal sealed class GenerationNode(MacroCode code, int line) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        var context = frame.Context;
        context.Line = line;
        var body = new MacroValue(code, frame);
        if (context.Generation is null)
        {
            body.Write(context, Arguments.None, output);
            return Flow.Next;
        }

        var text = (StringValue)body.Call(context, Arguments.None);
        context.Generation.Record(text);
        output.Append(text);
        return Flow.Next;
    }
}
