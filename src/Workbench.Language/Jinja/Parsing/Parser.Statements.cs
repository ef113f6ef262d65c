using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Jinja.Parsing;

internal sealed partial class Parser
{
    private Statement Statement()
    {
        var token = Current;
        if (token.Kind != TokenKind.Name)
        {
            throw Fail("tag name expected", token.Line);
        }

        tags.Push(token.Text);
        var statement = token.Text switch
        {
            "for" => For(),
            "if" => If(),
            "block" => Block(),
            "extends" => Load(LoadKind.Extends),
            "print" => Print(),
            "macro" => Macro(),
            "include" => Include(),
            "from" => FromImport(),
            "import" => Import(),
            "set" => Set(),
            "with" => With(),
            "autoescape" => AutoEscape(),
            "call" => CallBlock(),
            "filter" => FilterBlock(),
            "generation" => Generation(),
            "break" => new BreakStatement(stream.Next().Line),
            "continue" => new ContinueStatement(stream.Next().Line),
            _ => null,
        };
        tags.Pop();
        return statement ?? throw UnexpectedTag(token.Text, token.Line);
    }

    private Statement Set()
    {
        var line = stream.Next().Line;
        var target = AssignTarget(withNamespace: true);
        if (stream.SkipIf(TokenKind.Assign))
        {
            return new SetStatement(target, TupleOrExpression(), line);
        }

        var filter = Filters(null) as FilterExpression;
        return new SetBlockStatement(target, filter, Statements(["endset"], drop: true), line);
    }

    private ForStatement For()
    {
        var line = stream.ExpectName("for").Line;
        var target = AssignTarget();
        stream.ExpectName("in");
        var items = TupleOrExpression(withConditional: false);
        var test = stream.SkipIfName("if") ? Expression() : null;
        var recursive = stream.SkipIfName("recursive");
        var body = Statements(["endfor", "else"]);
        IReadOnlyList<Statement> otherwise = stream.Next().Text == "endfor" ? [] : Statements(["endfor"], drop: true);
        return new ForStatement(target, items, test, recursive, body, otherwise, line);
    }

    private IfStatement If()
    {
        var line = stream.ExpectName("if").Line;
        var result = new IfStatement(TupleOrExpression(withConditional: false), Statements(["elif", "else", "endif"]), line);
        while (true)
        {
            var token = stream.Next();
            if (token.IsName("elif"))
            {
                line = Current.Line;
                result.ElseIfs.Add(
                    new IfStatement(TupleOrExpression(withConditional: false), Statements(["elif", "else", "endif"]), line));
                continue;
            }

            if (token.IsName("else"))
            {
                result.Else = Statements(["endif"], drop: true);
            }

            return result;
        }
    }

    private WithStatement With()
    {
        var line = stream.Next().Line;
        var targets = new List<Expression>();
        var values = new List<Expression>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (targets.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            targets.Add(AssignTarget());
            Mark(targets[^1], NameUse.Parameter);
            stream.Expect(TokenKind.Assign);
            values.Add(Expression());
        }

        return new WithStatement(targets, values, Statements(["endwith"], drop: true), line);
    }

    private AutoEscapeStatement AutoEscape()
    {
        var line = stream.Next().Line;
        var value = Expression();
        return new AutoEscapeStatement(value, Statements(["endautoescape"], drop: true), line);
    }

    private BlockStatement Block()
    {
        var line = stream.Next().Line;
        var name = stream.Expect(TokenKind.Name).Text;
        var scoped = stream.SkipIfName("scoped");
        var required = stream.SkipIfName("required");
        if (Current.Kind == TokenKind.Sub)
        {
            throw Fail(
                "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
                Current.Line);
        }

        var body = Statements(["endblock"], drop: true);
        if (required && !body.TrueForAll(IsBlank))
        {
            throw Fail("Required blocks can only contain comments or whitespace", Current.Line);
        }

        stream.SkipIfName(name);
        return new BlockStatement(name, scoped, required, body, line);
    }

    private static bool IsBlank(Statement statement) => statement is OutputStatement output
        && output.Items.All(item => item is DataExpression data && data.Text.All(Values.PythonCharacters.IsSpace));

    private LoadStatement Load(LoadKind kind)
    {
        var line = stream.Next().Line;
        return new LoadStatement(kind, Expression(), [], line);
    }

    private LoadStatement Include()
    {
        var include = Load(LoadKind.Include);
        if (Current.IsName("ignore") && stream.Look().IsName("missing"))
        {
            stream.Next();
            stream.Next();
        }

        var without = Current.IsName("without");
        var stated = SkipContext();
        return new LoadStatement(LoadKind.Include, include.Template, [], include.Line, withContext: !(stated && without));
    }

    private LoadStatement Import()
    {
        var load = Load(LoadKind.Import);
        stream.ExpectName("as");
        var target = NameTarget();
        SkipContext();
        return new LoadStatement(LoadKind.Import, load.Template, [target.Name], load.Line);
    }

    private LoadStatement FromImport()
    {
        var load = Load(LoadKind.FromImport);
        stream.ExpectName("import");
        var names = new List<string>();
        while (true)
        {
            if (names.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            if (Current.Kind != TokenKind.Name)
            {
                stream.Expect(TokenKind.Name);
            }

            if (SkipContext())
            {
                break;
            }

            var target = NameTarget();
            if (target.Name.StartsWith('_'))
            {
                throw PythonError.Assertion("names starting with an underline can not be imported", target.Line);
            }

            names.Add(stream.SkipIfName("as") ? NameTarget().Name : target.Name);
            if (SkipContext() || Current.Kind != TokenKind.Comma)
            {
                break;
            }
        }

        return new LoadStatement(LoadKind.FromImport, load.Template, names, load.Line);
    }

    private bool SkipContext()
    {
        if (!(Current.IsName("with") || Current.IsName("without")) || !stream.Look().IsName("context"))
        {
            return false;
        }

        stream.Next();
        stream.Next();
        return true;
    }

    private MacroStatement Macro()
    {
        var line = stream.Next().Line;
        var name = NameTarget().Name;
        var signature = ParseSignature();
        return new MacroStatement(name, signature, Statements(["endmacro"], drop: true), line);
    }

    private CallBlockStatement CallBlock()
    {
        var line = stream.Next().Line;
        var signature = Current.Kind == TokenKind.LeftParen ? ParseSignature() : Signature.None;
        var call = Expression() as CallExpression ?? throw Fail("expected call", line);
        return new CallBlockStatement(call, signature, Statements(["endcall"], drop: true), line);
    }

    private CallBlockStatement Generation()
    {
        var line = stream.Next().Line;
        return new CallBlockStatement(null, Signature.None, Statements(["endgeneration"], drop: true), line);
    }

    private FilterBlockStatement FilterBlock()
    {
        var line = stream.Next().Line;
        var filter = (FilterExpression)Filters(null, startInline: true)!;
        return new FilterBlockStatement(filter, Statements(["endfilter"], drop: true), line);
    }

    private OutputStatement Print()
    {
        var line = stream.Next().Line;
        var items = new List<Expression>();
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (items.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            items.Add(Expression());
        }

        return new OutputStatement(items, line);
    }

    private Signature ParseSignature()
    {
        var parameters = new List<NameExpression>();
        var defaults = new List<Expression>();
        stream.Expect(TokenKind.LeftParen);
        while (Current.Kind != TokenKind.RightParen)
        {
            if (parameters.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            var parameter = NameTarget();
            Mark(parameter, NameUse.Parameter);
            if (stream.SkipIf(TokenKind.Assign))
            {
                defaults.Add(Expression());
            }
            else if (defaults.Count > 0)
            {
                throw Fail("non-default argument follows default argument", Current.Line);
            }

            parameters.Add(parameter);
        }

        stream.Expect(TokenKind.RightParen);
        return new Signature(parameters, defaults);
    }

    private NameExpression NameTarget()
    {
        var token = stream.Expect(TokenKind.Name);
        return (NameExpression)Assignable(new NameExpression(token.Text, token.Line, token.Offset));
    }

    private Expression AssignTarget(bool withNamespace = false) =>
        Assignable(TupleOrExpression(simplified: true, withNamespace: withNamespace));

    private static Expression Assignable(Expression target)
    {
        if (!CanAssign(target))
        {
            throw Fail($"can't assign to {Quote(NodeName(target))}", target.Line);
        }

        Mark(target, NameUse.Store);
        return target;
    }

    private static void Mark(Expression target, NameUse use)
    {
        if (target is NameExpression name)
        {
            name.Use = use;
        }
        else if (target is TupleExpression tuple)
        {
            foreach (var item in tuple.Items)
            {
                Mark(item, use);
            }
        }
    }

    private static bool CanAssign(Expression target) => target switch
    {
        NameExpression name => name.Name is not ("true" or "false" or "none" or "True" or "False" or "None"),
        NamespaceTarget => true,
        TupleExpression tuple => tuple.Items.All(CanAssign),
        _ => false,
    };

    private static string NodeName(Expression target) => target switch
    {
        NameExpression => "name",
        TupleExpression => "tuple",
        ListExpression => "list",
        DictExpression => "dict",
        ConstantExpression => "const",
        _ => target.GetType().Name.Replace("Expression", "", StringComparison.Ordinal).ToLowerInvariant(),
    };
}
