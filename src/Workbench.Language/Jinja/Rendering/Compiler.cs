using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Rendering.Nodes;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>
/// Turns the syntax tree into a tree prepared for evaluation: names become slots by Jinja2's scoping rules, constants are
/// folded, filters and tests are found, and every statement knows the line its errors report. It walks the tree in the
/// order in which Jinja2 generates Python code, because lines and compile-time errors follow from that order.
/// </summary>
internal sealed partial class Compiler(SourceText source)
{
    private const string Self = "self";

    private readonly CodeLines lines = new();
    private readonly ConstantFolder folder = new(source);
    private readonly Dictionary<string, int> globals = [];
    private readonly Dictionary<string, BlockCode> blocks = [];
    private readonly List<(Variable Variable, FunctionScope Function, string Reference)> unresolved = [];
    private readonly Stack<HashSet<string>> assignments = new();
    private readonly HashSet<string> knownFilters = [];
    private readonly HashSet<string> knownTests = [];
    private bool inBlock;
    private bool hasDictOfContainers;

    public CompiledTemplate Compile(IReadOnlyList<Statement> template)
    {
        var hasExtends = template.SelectMany(node => Walker.Descend(node)).Any(node => node is LoadStatement { Kind: LoadKind.Extends });
        hasDictOfContainers = template.SelectMany(node => Walker.Descend(node)).OfType<DictExpression>()
            .Any(dict => dict.Items.Any(item => item.Key is ListExpression or DictExpression or TupleExpression));
        var blockStatements = template.SelectMany(node => Walker.Descend(node)).OfType<BlockStatement>().ToList();
        foreach (var block in blockStatements)
        {
            if (!blocks.TryAdd(block.Name, new BlockCode(block.Name) { Blocks = blocks }))
            {
                throw PythonError.Assertion($"block {new StringValue(block.Name).Repr()} defined twice", block.Line);
            }
        }

        var escape = new EscapeState();
        lines.WriteLines(2);
        lines.WriteLine(extra: 1);
        lines.Indentation++;
        lines.WriteLines(5);
        var frame = new CompileFrame(escape, new FunctionScope(null));
        var selfSlot = DeclareSpecial(frame, template, Self);
        frame.Visitor.VisitAll(template);
        frame.TopLevel = true;
        lines.WriteLines(hasExtends ? 1 : 0);
        var scope = EnterFrame(frame);
        PullDependencies(template);
        var body = CompileBody(template, frame);
        lines.Indentation--;
        if (hasExtends)
        {
            lines.WriteLines(1);
        }

        foreach (var block in blockStatements)
        {
            CompileBlock(block, escape);
        }

        ResolveVariables();
        lines.ThrowIfFailed();
        return new CompiledTemplate(frame.Function.Code, scope, body, selfSlot, blocks, [.. globals.Keys]);
    }

    private void CompileBlock(BlockStatement block, EscapeState escape)
    {
        var code = blocks[block.Name];
        lines.WriteLine(block.Line, 1);
        lines.Indentation++;
        lines.WriteLines(5);
        var frame = new CompileFrame(escape, new FunctionScope(null)) { IsBlock = true };
        code.SelfSlot = DeclareSpecial(frame, block.Body, Self);
        code.SuperSlot = DeclareSpecial(frame, block.Body, "super");
        frame.Visitor.VisitAll(block.Body);
        lines.WriteLine();
        inBlock = true;
        code.Scope = EnterFrame(frame);
        PullDependencies(block.Body);
        code.Body = CompileBody(block.Body, frame);
        inBlock = false;
        code.Code = frame.Function.Code;
        lines.Indentation--;
    }

    private int DeclareSpecial(CompileFrame frame, IEnumerable<object> body, string name)
    {
        if (!Walker.Undeclared(body, name).Contains(name))
        {
            return -1;
        }

        lines.WriteLine();
        return frame.Function.Slot(frame.Symbols.Declare(name));
    }

    /// <summary>What entering the frame's scope does; leaving it clears the same variables.</summary>
    private Scope EnterFrame(CompileFrame frame)
    {
        var entries = new List<Scope.Entry>();
        var cleared = new List<int>();
        var undefined = false;
        foreach (var (reference, (kind, from)) in frame.Symbols.Loads)
        {
            var slot = frame.Function.Slot(reference);
            cleared.Add(slot);
            switch (kind)
            {
                case LoadKindOfName.Resolve:
                    lines.WriteLine();
                    entries.Add(new Scope.Entry(slot, null, GlobalIndex(from!), inBlock ? from : null));
                    break;
                case LoadKindOfName.Alias:
                    lines.WriteLine();
                    entries.Add(new Scope.Entry(slot, VariableOf(frame.Function, from!), -1, null));
                    break;
                case LoadKindOfName.Undefined:
                    undefined = true;
                    entries.Add(new Scope.Entry(slot, null, -1, null));
                    break;
            }
        }

        lines.WriteLines(undefined ? 1 : 0);
        return new Scope([.. entries], [.. cleared]);
    }

    private void LeaveFrame(CompileFrame frame)
    {
        lines.WriteLines(frame.Symbols.Loads.Count > 0 ? 1 : 0);
    }

    private int GlobalIndex(string name)
    {
        if (!globals.TryGetValue(name, out var index))
        {
            index = globals.Count;
            globals.Add(name, index);
        }

        return index;
    }

    private Variable VariableOf(FunctionScope function, string reference)
    {
        var variable = new Variable();
        unresolved.Add((variable, function, reference));
        return variable;
    }

    // Only when a whole function is compiled is it known which variables it assigns and which it reads from outside.
    private void ResolveVariables()
    {
        foreach (var (variable, function, reference) in unresolved)
        {
            var hops = 0;
            for (var scope = function; scope is not null; scope = scope.Parent, hops++)
            {
                if (scope.TryFind(reference, out var slot))
                {
                    (variable.Hops, variable.Index) = (hops, slot);
                    break;
                }
            }

            if (variable.Hops == 0 && !function.TryFind(reference, out _))
            {
                variable.Index = function.Slot(reference);
            }
        }
    }

    /// <summary>Notes the filters and tests of a function's body; each takes lines of generated code.</summary>
    private void PullDependencies(IEnumerable<object> body)
    {
        var nodes = body.SelectMany(node => Walker.Descend(node, inner => inner is not BlockStatement)).ToList();
        var filters = nodes.OfType<FilterExpression>().Select(filter => filter.Name).Distinct().ToList();
        var tests = nodes.OfType<TestExpression>().Select(test => test.Name).Distinct().ToList();
        knownFilters.UnionWith(filters);
        knownTests.UnionWith(tests);
        lines.WriteLines(6 * (filters.Count + tests.Count));
    }

    private StatementNode[] CompileBody(IReadOnlyList<Statement> body, CompileFrame frame)
    {
        lines.WriteLine();
        var nodes = new List<StatementNode>();
        foreach (var statement in body)
        {
            CompileStatement(statement, frame, nodes);
        }

        return [.. nodes];
    }
}
