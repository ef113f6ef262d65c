using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary>The <c>if</c> of a loop: a function that filters the items before the loop sees them.</summary>
internal sealed class LoopFilter(FunctionCode code, Scope scope, TargetNode target, Node test, int loopLine, int testLine)
{
    public IteratorValue Apply(Frame outer, Value items) => new("generator", Run(outer, items));

    private IEnumerator<Value> Run(Frame outer, Value items)
    {
        var context = outer.Context;
        var caller = context.Line;
        context.Line = loopLine;
        var frame = code.NewFrame(outer, context);
        scope.Enter(frame);
        var iterator = Sequences.Iterate(context, items);
        while (true)
        {
            context.Line = loopLine;
            if (!iterator.MoveNext())
            {
                context.Line = caller;
                yield break;
            }

            var item = iterator.Current;
            target.Assign(frame, item);
            context.Line = testLine;
            context.Charge(1);
            if (test.IsTrue(frame))
            {
                context.Line = caller;
                yield return item;
                caller = context.Line;
            }
        }
    }
}

/// <summary>The body of a loop, run in the frame it is given.</summary>
internal sealed class LoopBody
{
    public required Scope Scope { get; init; }

    public required TargetNode Target { get; init; }

    public required StatementNode[] Body { get; init; }

    public required int Line { get; init; }

    /// <summary>Slot of the <c>loop</c> variable, or -1 where the body does not read it.</summary>
    public required int LoopSlot { get; init; }

    public required Scope? ElseScope { get; init; }

    public required StatementNode[] Else { get; init; }

    /// <summary>Whether the variables are cleared afterwards; in a function of their own they simply end.</summary>
    public required bool Clears { get; init; }

    public Flow Run(Frame frame, Value items, Func<RenderContext, Value, int, StringValue>? recurse, int depth, TextBuilder output)
    {
        var context = frame.Context;
        context.Line = Line;

        // As the generated code has it: the else branch is off once a round has reached its end, so a loop that breaks or
        // continues out of every round still runs it.
        var completed = false;
        if (LoopSlot >= 0)
        {
            var loop = new LoopValue(context, items, recurse, depth);
            while (loop.Next() is { } item)
            {
                Target.Assign(frame, item);
                frame.Slots[LoopSlot] = loop;
                if (Round(frame, output, ref completed))
                {
                    break;
                }
            }
        }
        else if (LoopValue.ItemsOf(items) is { } array)
        {
            foreach (var item in array)
            {
                Target.Assign(frame, item);
                if (Round(frame, output, ref completed))
                {
                    break;
                }
            }
        }
        else
        {
            var iterator = Sequences.Iterate(context, items);
            while (iterator.MoveNext())
            {
                Target.Assign(frame, iterator.Current);
                if (Round(frame, output, ref completed))
                {
                    break;
                }
            }
        }

        if (Clears)
        {
            Scope.Leave(frame);
        }

        if (completed || ElseScope is null)
        {
            return Flow.Next;
        }

        ElseScope.Enter(frame);
        var flow = StatementNode.ExecuteAll(Else, frame, output);
        if (flow == Flow.Next)
        {
            ElseScope.Leave(frame);
        }

        return flow;
    }

    /// <summary>One round; true where it ended the loop. The next step is the loop statement's own line again.</summary>
    private bool Round(Frame frame, TextBuilder output, ref bool completed)
    {
        var context = frame.Context;
        context.Charge(1);
        Scope.Enter(frame);
        var flow = StatementNode.ExecuteAll(Body, frame, output);
        completed |= flow == Flow.Next;
        context.Line = Line;
        return flow == Flow.Break;
    }
}

internal sealed class ForNode(Node items, LoopFilter? filter, LoopBody body) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        frame.Context.Line = body.Line;
        var value = items.Evaluate(frame);
        return body.Run(frame, filter is null ? value : filter.Apply(frame, value), null, 0, output);
    }
}

/// <summary>A loop marked recursive: its body is a function that <c>loop(…)</c> calls again.</summary>
internal sealed class RecursiveForNode(
    FunctionCode code, Node items, LoopFilter? filter, LoopBody body, int line, TemplatePosition position) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        var context = frame.Context;
        context.Line = line;
        var value = items.Evaluate(frame);
        var mark = output.Traced ? output.SegmentMark() : 0;
        output.Append(Render(frame, value, 0));
        context.Line = line;
        if (output.Traced)
        {
            output.Stamp(mark, position);
        }

        return Flow.Next;
    }

    private StringValue Render(Frame outer, Value value, int depth)
    {
        var context = outer.Context;
        var line = context.Line;
        context.Enter(4);
        var frame = code.NewFrame(outer, context);
        var text = context.NewText();
        body.Run(frame, filter is null ? value : filter.Apply(outer, value), (_, inner, level) => Render(outer, inner, level), depth, text);
        context.Depth -= 4;
        context.Line = line;
        return context.Finish(text, context.AutoEscape);
    }
}
