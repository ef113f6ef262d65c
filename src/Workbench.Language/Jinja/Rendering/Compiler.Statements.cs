using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Rendering.Nodes;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

internal sealed partial class Compiler
{
    /// <summary>Loops that Python nests within one function.</summary>
    private const int MaxOpenLoops = 20;

    private void CompileStatement(Statement statement, CompileFrame frame, List<StatementNode> nodes)
    {
        switch (statement)
        {
            case OutputStatement output:
                CompileOutput(output, frame, nodes);
                break;
            case IfStatement branch:
                nodes.Add(CompileIf(branch, frame));
                break;
            case ForStatement loop:
                nodes.Add(CompileFor(loop, frame));
                break;
            case SetStatement set:
                nodes.Add(CompileSet(set, frame));
                break;
            case SetBlockStatement set:
                nodes.Add(CompileSetBlock(set, frame));
                break;
            case MacroStatement macro:
                nodes.Add(CompileMacro(macro, frame));
                break;
            case CallBlockStatement call:
                nodes.Add(CompileCallBlock(call, frame));
                break;
            case FilterBlockStatement filter:
                nodes.Add(CompileFilterBlock(filter, frame));
                break;
            case WithStatement with:
                nodes.Add(CompileWith(with, frame));
                break;
            case AutoEscapeStatement escape:
                nodes.Add(CompileAutoEscape(escape, frame));
                break;
            case BlockStatement block:
                nodes.Add(CompileBlockCall(block, frame));
                break;
            case LoadStatement load:
                nodes.Add(CompileLoad(load, frame));
                break;
            case BreakStatement:
                nodes.Add(CompileJump(statement.Line, frame, "'break' outside loop", new BreakNode()));
                break;
            default:
                nodes.Add(CompileJump(statement.Line, frame, "'continue' not properly in loop", new ContinueNode()));
                break;
        }
    }

    private void CompileOutput(OutputStatement output, CompileFrame frame, List<StatementNode> nodes)
    {
        lines.WriteLines(frame.Buffered ? 1 : 0);
        lines.Indentation += frame.Buffered ? 1 : 0;
        TextBuilder? constant = null;
        foreach (var item in output.Items)
        {
            if (folder.FoldOutput(item, frame.Escape.Mode) is { } folded)
            {
                // Neighbouring constants are one line of code and one piece of text.
                constant ??= StartConstant();
                constant.Append(folded);
                continue;
            }

            EndConstant(ref constant, nodes);
            lines.WriteLine(item.Line);
            var position = source.PositionOf(item.Offset);
            var expression = item is DataExpression data
                ? new ConstantNode(new StringValue(data.Text, frame.Escape.Mode != Escaping.Off), folder.Data(data))
                : CompileExpression(item, frame);
            nodes.Add(new PrintNode(expression, lines.Current, position, item is DataExpression ? Escaping.Off : frame.Escape.Mode));
        }

        EndConstant(ref constant, nodes);
        lines.Indentation -= frame.Buffered ? 1 : 0;
        lines.WriteLines(frame.Buffered ? 1 : 0);
    }

    private TextBuilder StartConstant()
    {
        lines.WriteLine();
        return new TextBuilder(traced: true);
    }

    private static void EndConstant(ref TextBuilder? constant, List<StatementNode> nodes)
    {
        if (constant is not null)
        {
            nodes.Add(new TextNode(constant.ToValue()));
            constant = null;
        }
    }

    private IfNode CompileIf(IfStatement branch, CompileFrame frame)
    {
        var soft = frame.AsSoft();
        var branches = new List<(Node, int, StatementNode[])>();
        foreach (var part in branch.ElseIfs.Prepend(branch))
        {
            lines.WriteLine(part.Line);
            var line = lines.Current;
            var test = CompileExpression(part.Test, soft);
            lines.Indentation++;
            branches.Add((test, line, CompileBody(part.Body, soft)));
            lines.Indentation--;
        }

        StatementNode[] otherwise = [];
        if (branch.Else.Count > 0)
        {
            lines.WriteLine();
            lines.Indentation++;
            otherwise = CompileBody(branch.Else, soft);
            lines.Indentation--;
        }

        return new IfNode([.. branches], otherwise);
    }

    private SetNode CompileSet(SetStatement set, CompileFrame frame)
    {
        assignments.Push([]);
        var checks = new List<(Variable, int)>();
        var seen = new HashSet<string>();
        foreach (var target in Walker.Descend(set.Target).OfType<NamespaceTarget>())
        {
            if (seen.Add(target.Name))
            {
                lines.WriteLine();
                checks.Add((VariableOf(frame.Function, frame.Symbols.Reference(target.Name)), lines.Current));
                lines.WriteLine();
            }
        }

        lines.NewLine(set.Line);
        var assigned = CompileTarget(set.Target, frame);
        var line = lines.Current;
        var value = CompileExpression(set.Value, frame);
        return new SetNode(assigned, value, line, [.. checks], PopAssignments(frame));
    }

    private SetBlockNode CompileSetBlock(SetBlockStatement set, CompileFrame frame)
    {
        assignments.Push([]);
        var inner = frame.Inner();
        inner.Visitor.VisitAll(set.Body);
        var scope = EnterFrame(inner);
        inner.Buffered = true;
        lines.WriteLine();
        var body = CompileBody(set.Body, inner);
        lines.NewLine(set.Line);
        var target = CompileTarget(set.Target, frame);
        var line = lines.Current;
        var captured = CapturedSlot(frame);
        var filter = set.Filter is null ? null : CompileFilterOf(set.Filter, inner, captured);
        var exports = PopAssignments(frame);
        LeaveFrame(inner);
        return new SetBlockNode(scope, body, captured, filter, target, line, exports);
    }

    private FilterBlockNode CompileFilterBlock(FilterBlockStatement filter, CompileFrame frame)
    {
        var inner = frame.Inner();
        inner.Visitor.VisitAll(Walker.Children(filter));
        var scope = EnterFrame(inner);
        inner.Buffered = true;
        lines.WriteLine();
        var body = CompileBody(filter.Body, inner);
        lines.WriteLine(filter.Line);
        var line = lines.Current;
        var captured = CapturedSlot(frame);
        var node = CompileFilterOf(filter.Filter, inner, captured);
        LeaveFrame(inner);
        return new FilterBlockNode(scope, body, captured, node, line, source.PositionOf(filter.Filter.Offset));
    }

    private WithNode CompileWith(WithStatement with, CompileFrame frame)
    {
        var inner = frame.Inner();
        inner.Visitor.VisitAll(with.Targets);
        inner.Visitor.VisitAll(with.Body);
        var scope = EnterFrame(inner);
        var assigned = new List<(TargetNode, Node, int)>();
        for (var index = 0; index < with.Targets.Count; index++)
        {
            lines.NewLine();
            var target = CompileTarget(with.Targets[index], inner);
            assigned.Add((target, CompileExpression(with.Values[index], frame), lines.Current));
        }

        var body = CompileBody(with.Body, inner);
        LeaveFrame(inner);
        return new WithNode(scope, [.. assigned], body);
    }

    private AutoEscapeNode CompileAutoEscape(AutoEscapeStatement escape, CompileFrame frame)
    {
        var inner = frame.Inner();
        inner.Visitor.VisitAll(Walker.Children(escape));
        var scope = EnterFrame(inner);
        lines.WriteLines(2);
        lines.WriteLine();
        var line = lines.Current;
        var value = CompileExpression(escape.Value, inner);
        var outer = frame.Escape.Mode;
        frame.Escape.Mode = folder.Fold(escape.Value, outer) is { } constant
            ? constant.Plain.IsTrue ? Escaping.On : Escaping.Off
            : Escaping.Volatile;
        var body = new List<StatementNode>();
        foreach (var statement in escape.Body)
        {
            CompileStatement(statement, inner, body);
        }

        frame.Escape.Mode = outer;
        lines.WriteLine();
        LeaveFrame(inner);
        return new AutoEscapeNode(scope, value, line, [.. body]);
    }

    private BlockNode CompileBlockCall(BlockStatement block, CompileFrame frame)
    {
        if (block.Required)
        {
            lines.WriteLine(block.Line);
            lines.WriteLine(block.Line);
        }

        var locals = block.Scoped
            ? frame.Symbols.DumpStores().Select(pair => (pair.Key, VariableOf(frame.Function, pair.Value))).ToArray()
            : null;
        lines.WriteLines(frame.Buffered ? 2 : 0);
        lines.WriteLine(block.Line);
        var line = lines.Current;
        lines.WriteLines(frame.Buffered ? 2 : 0);
        return new BlockNode(blocks[block.Name], line, block.Required, locals);
    }

    private LoadNode CompileLoad(LoadStatement load, CompileFrame frame)
    {
        if (load.Kind == LoadKind.Extends && !frame.TopLevel)
        {
            throw PythonError.Assertion("cannot use extend from a non top-level scope", load.Line);
        }

        foreach (var target in load.Targets)
        {
            frame.Function.Slot(frame.Symbols.Reference(target));
        }

        lines.WriteLine(load.Line);
        var line = lines.Current;
        var template = CompileExpression(load.Template, frame);
        var named = load.Targets.Count(target => !target.StartsWith('_'));
        lines.WriteLines(load.Kind switch
        {
            LoadKind.Include => load.WithContext ? 5 : 1,
            LoadKind.Import => frame.TopLevel ? named : 0,
            LoadKind.FromImport => (3 * load.Targets.Count) + (frame.TopLevel ? 1 + Math.Min(1, named) : 0),
            _ => 2,
        });
        return new LoadNode(template, line);
    }

    private StatementNode CompileJump(int line, CompileFrame frame, string message, StatementNode node)
    {
        lines.WriteLine(line);
        if (frame.Function.OpenLoops == 0)
        {
            lines.FailInCompiler(message);
        }

        return node;
    }

    private TargetNode CompileTarget(Expression target, CompileFrame frame)
    {
        switch (target)
        {
            case NameExpression name:
                lines.Write();
                if (name.Use == NameUse.Store && (frame.TopLevel || frame.IsLoop || frame.IsBlock) && assignments.Count > 0)
                {
                    assignments.Peek().Add(name.Name);
                }

                return new NameTargetNode(frame.Function.Slot(frame.Symbols.Reference(name.Name)));
            case NamespaceTarget reference:
                lines.WriteLine();
                return new NamespaceTargetNode(VariableOf(frame.Function, frame.Symbols.Reference(reference.Name)), reference.Attribute);
            default:
                lines.Write();
                var items = ((TupleExpression)target).Items;
                return new TupleTargetNode([.. items.Select(item => CompileTarget(item, frame))]);
        }
    }

    /// <summary>Ends the tracking of an assignment: what the top level assigned is visible to blocks.</summary>
    private Exports? PopAssignments(CompileFrame frame)
    {
        var names = assignments.Pop();
        if (names.Count == 0 || !(frame.IsBlock || frame.IsLoop || frame.TopLevel))
        {
            return null;
        }

        lines.WriteLine();
        if (frame.IsBlock || frame.IsLoop)
        {
            return null;
        }

        lines.WriteLines(names.Any(name => !name.StartsWith('_')) ? 1 : 0);
        return blocks.Count == 0
            ? null
            : new Exports([.. names.Select(name => (name, VariableOf(frame.Function, frame.Symbols.Reference(name))))]);
    }

    private static int CapturedSlot(CompileFrame frame) => frame.Function.Slot("captured " + frame.Symbols.Level);
}
