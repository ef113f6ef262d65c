using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

internal sealed class IfNode((Node Test, int Line, StatementNode[] Body)[] branches, StatementNode[] otherwise) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        foreach (var (test, line, body) in branches)
        {
            frame.Context.Line = line;
            if (test.IsTrue(frame))
            {
                return ExecuteAll(body, frame, output);
            }
        }

        return ExecuteAll(otherwise, frame, output);
    }
}

internal sealed class BreakNode : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output) => Flow.Break;
}

internal sealed class ContinueNode : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output) => Flow.Continue;
}

/// <summary>extends, include, import: without a loader each ends the rendering.</summary>
internal sealed class LoadNode(Node template, int line) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        frame.Context.Line = line;
        throw template.Evaluate(frame) switch
        {
            UndefinedValue undefined => undefined.Fail(),
            _ => PythonError.TypeError("no loader for this environment specified"),
        };
    }
}

/// <summary><c>{% with %}</c>.</summary>
internal sealed class WithNode(Scope scope, (TargetNode Target, Node Value, int Line)[] assignments, StatementNode[] body) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        scope.Enter(frame);
        foreach (var (target, value, line) in assignments)
        {
            frame.Context.Line = line;
            target.Assign(frame, value.Evaluate(frame));
        }

        var flow = ExecuteAll(body, frame, output);
        if (flow == Flow.Next)
        {
            scope.Leave(frame);
        }

        return flow;
    }
}

/// <summary><c>{% autoescape %}</c>.</summary>
internal sealed class AutoEscapeNode(Scope scope, Node value, int line, StatementNode[] body) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        scope.Enter(frame);
        var context = frame.Context;
        var outer = context.AutoEscape;
        context.Line = line;
        context.AutoEscape = value.IsTrue(frame);
        var flow = ExecuteAll(body, frame, output);
        if (flow == Flow.Next)
        {
            context.AutoEscape = outer;
            scope.Leave(frame);
        }

        return flow;
    }
}

/// <summary><c>{% block %}</c>, rendered where it stands: a chat template has no child that could override it.</summary>
internal sealed class BlockNode(
    BlockCode block, int line, bool required, (string Name, Variable Value)[]? locals) : StatementNode
{
    public override Flow Execute(Frame frame, TextBuilder output)
    {
        frame.Context.Line = line;
        if (required)
        {
            throw PythonError.Runtime($"Required block {new StringValue(block.Name).Repr()} not found");
        }

        var context = frame.Context;
        var outer = context.Exported;
        if (locals is not null)
        {
            var derived = outer is null ? [] : new Dictionary<string, Value>(outer);
            foreach (var (name, variable) in locals)
            {
                if (variable.Read(frame) is { } value)
                {
                    derived[name] = value;
                }
            }

            context.Exported = derived;
        }

        block.Render(context, output);
        context.Exported = outer;
        context.Line = line;
        return Flow.Next;
    }
}

/// <summary>A block's body, a function of its own.</summary>
internal sealed class BlockCode(string name)
{
    public string Name { get; } = name;

    public FunctionCode? Code { get; set; }

    public Scope? Scope { get; set; }

    public StatementNode[] Body { get; set; } = [];

    /// <summary>Slots for <c>self</c> and <c>super</c> where the body reads them, else -1.</summary>
    public int SelfSlot { get; set; } = -1;

    public int SuperSlot { get; set; } = -1;

    /// <summary>All blocks of the template by name.</summary>
    public required IReadOnlyDictionary<string, BlockCode> Blocks { get; init; }

    public void Render(RenderContext context, TextBuilder output)
    {
        context.Enter(2);
        var frame = Code!.NewFrame(null, context);
        if (SelfSlot >= 0)
        {
            frame.Slots[SelfSlot] = new TemplateReferenceValue(Blocks);
        }

        if (SuperSlot >= 0)
        {
            frame.Slots[SuperSlot] = UndefinedValue.Hint($"there is no parent block called {new StringValue(Name).Repr()}.");
        }

        Scope!.Enter(frame);
        StatementNode.ExecuteAll(Body, frame, output);
        context.Depth -= 2;
    }
}

/// <summary><c>self</c>: the blocks of this template by name.</summary>
internal sealed class TemplateReferenceValue(IReadOnlyDictionary<string, BlockCode> blocks) : Value
{
    public override string TypeName => "TemplateReference";

    public override string Description => "jinja2.runtime.TemplateReference object";

    public override void WriteRepr(TextBuilder text) => text.Append("<TemplateReference None>");

    public override Value? Item(RenderContext context, Value key) =>
        key is StringValue name && blocks.TryGetValue(name.Text, out var block) ? new BlockReferenceValue(block) : null;
}

/// <summary><c>self.name</c>, called to render the block again.</summary>
internal sealed class BlockReferenceValue(BlockCode block) : Value
{
    public override string TypeName => "BlockReference";

    public override string Description => "jinja2.runtime.BlockReference object";

    public override bool IsCallable => true;

    public override void WriteRepr(TextBuilder text) => text.Append("<jinja2.runtime.BlockReference object at 0x7f0000000000>");

    public override Value? Attribute(RenderContext context, string name) => name switch
    {
        "name" => new StringValue(block.Name),
        "super" => UndefinedValue.Hint($"there is no parent block called {new StringValue(block.Name).Repr()}."),
        _ => null,
    };

    public override Value Call(RenderContext context, in Arguments arguments)
    {
        var line = context.Line;
        var text = context.NewText();
        block.Render(context, text);
        context.Line = line;
        return context.Finish(text, context.AutoEscape);
    }
}
