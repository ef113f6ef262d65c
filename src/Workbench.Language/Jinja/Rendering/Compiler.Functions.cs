using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Rendering.Nodes;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

internal sealed partial class Compiler
{
    private StatementNode CompileFor(ForStatement loop, CompileFrame frame)
    {
        var function = loop.Recursive ? new FunctionScope(frame.Function) : frame.Function;
        var loopFrame = frame.Inner(function);
        loopFrame.IsLoop = true;
        var elseFrame = frame.Inner(function);
        var extended = loop.Recursive
            || Walker.Undeclared(loop.Body, "loop").Count > 0
            || Walker.Descend(loop).Any(node => node is BlockStatement { Scoped: true });
        var loopReference = extended ? loopFrame.Symbols.Declare("loop") : null;
        loopFrame.Visitor.VisitTarget(loop.Target);
        loopFrame.Visitor.VisitAll(loop.Body);
        elseFrame.Visitor.VisitAll(loop.Else);
        var filter = loop.Test is null ? null : CompileLoopFilter(loop, frame);
        if (loop.Recursive)
        {
            lines.WriteLine(loop.Line);
            lines.Indentation++;
            lines.WriteLine();
            loopFrame.Buffered = elseFrame.Buffered = true;
        }

        lines.WriteLines(extended ? 1 : 0);
        foreach (var name in Walker.Descend(loop).OfType<NameExpression>())
        {
            if (name is { Use: NameUse.Store, Name: "loop" })
            {
                throw PythonError.Assertion("Can't assign to special loop variable in for-loop target", name.Line);
            }
        }

        lines.WriteLines(loop.Else.Count > 0 ? 1 : 0);
        lines.WriteLine(loop.Line);
        var line = lines.Current;
        if (++function.OpenLoops > MaxOpenLoops)
        {
            lines.FailInCompiler("too many statically nested blocks");
        }

        var target = CompileTarget(loop.Target, loopFrame);
        var items = loop.Recursive ? null : CompileExpression(loop.Items, frame);
        lines.Indentation++;
        var scope = EnterFrame(loopFrame);
        lines.WriteLine();
        var body = CompileBody(loop.Body, loopFrame);
        lines.WriteLines(loop.Else.Count > 0 ? 1 : 0);
        lines.Indentation--;
        function.OpenLoops--;
        var clears = !(loop.Recursive && loop.Else.Count == 0);
        if (clears)
        {
            LeaveFrame(loopFrame);
        }

        Scope? elseScope = null;
        StatementNode[] otherwise = [];
        if (loop.Else.Count > 0)
        {
            lines.WriteLine();
            lines.Indentation++;
            elseScope = EnterFrame(elseFrame);
            otherwise = CompileBody(loop.Else, elseFrame);
            LeaveFrame(elseFrame);
            lines.Indentation--;
        }

        var compiled = new LoopBody
        {
            Scope = scope,
            Target = target,
            Body = body,
            Line = line,
            LoopSlot = loopReference is null ? -1 : function.Slot(loopReference),
            ElseScope = elseScope,
            Else = otherwise,
            Clears = clears,
        };
        StatementNode node = loop.Recursive
            ? CompileRecursiveCall(loop, frame, function, filter, compiled)
            : new ForNode(items!, filter, compiled);
        if (assignments.Count > 0)
        {
            assignments.Peek().ExceptWith(loopFrame.Symbols.Stores);
        }

        return node;
    }

    private RecursiveForNode CompileRecursiveCall(
        ForStatement loop, CompileFrame frame, FunctionScope function, LoopFilter? filter, LoopBody body)
    {
        lines.WriteLine();
        lines.Indentation--;
        lines.WriteLine(loop.Line);
        var items = CompileExpression(loop.Items, frame);
        return new RecursiveForNode(function.Code, items, filter, body, lines.Current, source.PositionOf(loop.Items.Offset));
    }

    private LoopFilter CompileLoopFilter(ForStatement loop, CompileFrame frame)
    {
        // In a recursive loop the filter function still stands outside of the loop's own.
        var function = new FunctionScope(frame.Function);
        var testFrame = frame.Inner(function);
        testFrame.Visitor.VisitTarget(loop.Target);
        testFrame.Visitor.VisitAll([loop.Test!]);
        lines.WriteLine(loop.Test!.Line);
        lines.Indentation++;
        var scope = EnterFrame(testFrame);
        lines.WriteLine();
        var loopLine = lines.Current;
        var target = CompileTarget(loop.Target, testFrame);
        lines.Indentation++;
        lines.WriteLine(loop.Test.Line);
        var testLine = lines.Current;
        var test = CompileExpression(loop.Test, testFrame);
        lines.Indentation++;
        lines.WriteLine();
        lines.Indentation -= 3;
        return new LoopFilter(function.Code, scope, target, test, loopLine, testLine);
    }

    private MacroNode CompileMacro(MacroStatement macro, CompileFrame frame)
    {
        var code = CompileMacroBody(macro.Name, macro.Signature, macro.Body, macro.Line, frame);
        var reference = frame.Symbols.Reference(macro.Name);
        lines.WriteLines(frame.TopLevel && !macro.Name.StartsWith('_') ? 2 : 1);
        var exports = frame.TopLevel && blocks.Count > 0 ? new Exports([(macro.Name, VariableOf(frame.Function, reference))]) : null;
        return new MacroNode(code, frame.Function.Slot(reference), exports);
    }

    private StatementNode CompileCallBlock(CallBlockStatement call, CompileFrame frame)
    {
        var code = CompileMacroBody(null, call.Signature, call.Body, call.Line, frame);
        lines.WriteLine();
        lines.WriteLine(call.Line);
        var line = lines.Current;
        if (call.Call is null)
        {
            return new GenerationNode(code, line);
        }

        if (hasDictOfContainers && frame.Escape.Mode != Escaping.Volatile)
        {
            RefuseUnhashableKeys(call.Call, frame);
        }

        if (call.Call.Arguments.Named.Any(pair => pair.Name == "caller"))
        {
            lines.FailInCompiler("keyword argument repeated: caller");
        }

        var callee = CompileExpression(call.Call.Callee, frame);
        var arguments = CompileArguments(call.Call.Arguments, frame);
        return new CallBlockNode(code, callee, arguments, line, source.PositionOf(call.Call.Offset));
    }

    private MacroCode CompileMacroBody(
        string? name, Signature signature, IReadOnlyList<Statement> body, int line, CompileFrame outer)
    {
        var function = new FunctionScope(outer.Function);
        var frame = outer.Inner(function);
        object[] parts = [.. signature.Parameters, .. signature.Defaults, .. body];
        frame.Visitor.VisitAll(parts);
        var parameters = signature.Parameters.Select(parameter => parameter.Name).ToArray();
        var references = parameters.Select(frame.Symbols.Reference).ToList();
        var undeclared = Walker.Undeclared(body, "caller", "kwargs", "varargs");
        var callerSlot = -1;
        if (undeclared.Contains("caller"))
        {
            var explicitCaller = Array.LastIndexOf(parameters, "caller");
            if (explicitCaller < 0)
            {
                callerSlot = function.Slot(frame.Symbols.Declare("caller"));
            }
            else if (parameters.Length - explicitCaller > signature.Defaults.Count)
            {
                throw PythonError.Assertion(
                    "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.", line);
            }
        }

        int Special(string special) => undeclared.Contains(special) && !parameters.Contains(special)
            ? function.Slot(frame.Symbols.Declare(special)) : -1;
        var keywordsSlot = Special("kwargs");
        var extrasSlot = Special("varargs");
        frame.Visitor.VisitAll(parts);
        lines.WriteLine(line);
        if (references.Count != references.Distinct().Count())
        {
            var repeated = references.Where((reference, index) => references.IndexOf(reference) < index).First();
            lines.FailInSymbols($"duplicate argument '{repeated}' in function definition");
        }

        lines.Indentation++;
        frame.Buffered = true;
        lines.WriteLine();
        var code = new MacroCode
        {
            Name = name,
            Function = function.Code,
            Parameters = parameters,
            ParameterSlots = [.. references.Select(function.Slot)],
            CallerSlot = callerSlot,
            KeywordsSlot = keywordsSlot,
            ExtrasSlot = extrasSlot,
            AccessesCaller = undeclared.Contains("caller"),
            HasCallerParameter = parameters.Contains("caller"),
        };
        code.Scope = EnterFrame(frame);
        code.Defaults = CompileDefaults(signature, frame);
        code.Body = CompileBody(body, frame);
        lines.WriteLine();
        lines.Indentation--;
        return code;
    }

    private (Node?, int)[] CompileDefaults(Signature signature, CompileFrame frame)
    {
        var defaults = new (Node?, int)[signature.Parameters.Count];
        for (var index = 0; index < defaults.Length; index++)
        {
            lines.WriteLine();
            lines.Indentation++;
            lines.WriteLine();
            var position = index - defaults.Length + signature.Defaults.Count;
            defaults[index] = (position < 0 ? null : CompileExpression(signature.Defaults[position], frame), lines.Current);
            lines.Indentation--;
        }

        return defaults;
    }
}
