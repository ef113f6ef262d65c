using System.Runtime.CompilerServices;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>Statements; the counterpart of jinja2/parser.py with the loop controls and the generation tag.</summary>
internal sealed class TemplateParser
{
    private readonly TokenStream _stream;
    private readonly ExpressionParser _expressions;
    private readonly ParseLimits _limits;
    private readonly List<string> _tags = [];
    private readonly List<string[]> _endWords = [];

    private TemplateParser(SourceText source, ParseLimits limits)
    {
        _limits = limits;
        _stream = new TokenStream(new Lexer(source));
        _expressions = new ExpressionParser(_stream, limits);
    }

    /// <exception cref="TemplateException">TemplateSyntaxError with the line, RecursionError for nesting past the limit.</exception>
    public static IReadOnlyList<Statement> Parse(SourceText source, ParseLimits limits) =>
        new TemplateParser(source, limits).Body(null);

    private List<Statement> Body(string[]? endWords)
    {
        var body = new List<Statement>();
        var parts = new List<Expression>();
        if (endWords is not null)
        {
            _endWords.Add(endWords);
        }

        while (!_stream.AtEnd)
        {
            var token = _stream.Current;
            switch (token.Type)
            {
                case TokenType.Data:
                    parts.Add(new DataExpression(token.Text, new Place(token.Line, token.Offset)));
                    _stream.Next();
                    break;
                case TokenType.VariableBegin:
                    _stream.Next();
                    parts.Add(_expressions.Tuple());
                    _stream.Expect(TokenType.VariableEnd);
                    break;
                default:
                    Flush(parts, body);
                    _stream.Next();
                    if (endWords is not null && _stream.Is(TokenType.Name) && endWords.Contains(_stream.Current.Text))
                    {
                        _endWords.RemoveAt(_endWords.Count - 1);
                        return body;
                    }

                    body.Add(Statement());
                    _stream.Expect(TokenType.BlockEnd);
                    break;
            }
        }

        Flush(parts, body);
        if (endWords is not null)
        {
            _endWords.RemoveAt(_endWords.Count - 1);
        }

        return body;
    }

    private static void Flush(List<Expression> parts, List<Statement> body)
    {
        if (parts.Count > 0)
        {
            body.Add(new OutputStatement(parts.ToArray(), parts[0].Place.Line));
            parts.Clear();
        }
    }

    private Statement Statement()
    {
        var token = _stream.Current;
        if (token.Type != TokenType.Name)
        {
            throw Error("tag name expected", token.Line);
        }

        if (_tags.Count >= _limits.MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateException(
                "RecursionError",
                $"the template nests more than {_limits.MaxNesting} blocks; flatten it, or raise ParseLimits.MaxNesting",
                token.Line);
        }

        _tags.Add(token.Text);
        var result = Tagged(token.Text);
        _tags.RemoveAt(_tags.Count - 1);
        return result;
    }

    private Statement Tagged(string tag)
    {
        switch (tag)
        {
            case "for": return For();
            case "if": return If();
            case "set": return Set();
            case "macro": return Macro();
            case "call": return CallBlock();
            case "filter":
                var line = _stream.Next().Line;
                var filter = _expressions.Filters(startInline: true);
                return new FilterBlockStatement(filter, Statements("endfilter"), line);
            case "generation":
                line = _stream.Next().Line;
                return new GenerationStatement(Statements("endgeneration"), line);
            case "break": return new BreakStatement(_stream.Next().Line);
            case "continue": return new ContinueStatement(_stream.Next().Line);
            case "print": return Print();
            case "with": return With();
            case "autoescape":
                line = _stream.Next().Line;
                var value = _expressions.Expression();
                return new AutoescapeStatement(value, Statements("endautoescape"), line);
            case "block": return Block();
            case "extends" or "include" or "import" or "from":
                return new LoaderStatementParser(_stream, _expressions).Parse();
        }

        _tags.RemoveAt(_tags.Count - 1);
        throw FailUnknown(tag, _endWords);
    }

    /// <summary>A body up to one of the words; the current token is then the one after that word, which is given back.</summary>
    private List<Statement> Statements(out string endWord, params string[] endWords)
    {
        _stream.SkipIf(":");
        _stream.Expect(TokenType.BlockEnd);
        var result = Body(endWords);
        if (_stream.AtEnd)
        {
            throw FailUnknown(null, [.. _endWords, endWords]);
        }

        endWord = _stream.Next().Text;
        return result;
    }

    private List<Statement> Statements(string endWord) => Statements(out _, endWord);

    private ForStatement For()
    {
        var line = _stream.Next().Line;
        var target = _expressions.Target(endWord: "in");
        _stream.ExpectName("in");
        var iterable = _expressions.Tuple(withConditional: false, endWord: "recursive");
        var test = _stream.SkipIfName("if") ? _expressions.Expression() : null;
        var recursive = _stream.SkipIfName("recursive");
        var body = Statements(out var end, "endfor", "else");
        var otherwise = end == "else" ? Statements("endfor") : [];
        return new ForStatement(target, iterable, test, recursive, body, otherwise, line);
    }

    private IfStatement If()
    {
        var line = _stream.Next().Line;
        var branches = new List<IfBranch>();
        var branchLine = line;
        while (true)
        {
            var test = _expressions.Tuple(withConditional: false);
            var body = Statements(out var end, "elif", "else", "endif");
            branches.Add(new IfBranch(test, body, branchLine));
            if (end == "elif")
            {
                branchLine = _stream.Current.Line;
                continue;
            }

            return new IfStatement(branches, end == "else" ? Statements("endif") : [], line);
        }
    }

    private Statement Set()
    {
        var line = _stream.Next().Line;
        var target = _expressions.Target(withNamespace: true);
        if (_stream.SkipIf("="))
        {
            return new SetStatement(target, _expressions.Tuple(), line);
        }

        var filter = _stream.Is("|") ? _expressions.Filters(startInline: false) : null;
        return new SetBlockStatement(target, filter, Statements("endset"), line);
    }

    private MacroStatement Macro()
    {
        var line = _stream.Next().Line;
        var name = _expressions.TargetName().Name;
        var signature = Signature();
        return new MacroStatement(name, signature, Statements("endmacro"), line);
    }

    private CallBlockStatement CallBlock()
    {
        var line = _stream.Next().Line;
        var signature = _stream.Is("(") ? Signature() : Ast.Signature.Empty;
        if (_expressions.Expression() is not CallExpression call)
        {
            throw Error("expected call", line);
        }

        return new CallBlockStatement(call, signature, Statements("endcall"), line);
    }

    private Signature Signature()
    {
        var parameters = new List<NameExpression>();
        var defaults = new List<Expression>();
        _stream.Expect("(");
        while (!_stream.Is(")"))
        {
            if (parameters.Count > 0)
            {
                _stream.Expect(",");
            }

            var parameter = _expressions.TargetName();
            if (_stream.SkipIf("="))
            {
                defaults.Add(_expressions.Expression());
            }
            else if (defaults.Count > 0)
            {
                throw Error("non-default argument follows default argument", _stream.Current.Line);
            }

            parameters.Add(parameter);
        }

        _stream.Expect(")");
        return new Signature(parameters, defaults);
    }

    private OutputStatement Print()
    {
        var line = _stream.Next().Line;
        var parts = new List<Expression>();
        while (!_stream.Is(TokenType.BlockEnd))
        {
            if (parts.Count > 0)
            {
                _stream.Expect(",");
            }

            parts.Add(_expressions.Expression());
        }

        return new OutputStatement(parts, line);
    }

    private WithStatement With()
    {
        var line = _stream.Next().Line;
        var assignments = new List<(Expression, Expression)>();
        while (!_stream.Is(TokenType.BlockEnd))
        {
            if (assignments.Count > 0)
            {
                _stream.Expect(",");
            }

            var target = _expressions.Target();
            _stream.Expect("=");
            assignments.Add((target, _expressions.Expression()));
        }

        return new WithStatement(assignments, Statements("endwith"), line);
    }

    private BlockStatement Block()
    {
        var line = _stream.Next().Line;
        var name = _stream.Expect(TokenType.Name).Text;
        var scoped = _stream.SkipIfName("scoped");
        var required = _stream.SkipIfName("required");
        if (_stream.Is("-"))
        {
            throw Error(
                "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
                _stream.Current.Line);
        }

        var body = Statements("endblock");
        if (required && !body.All(statement => statement is OutputStatement output && output.Parts.All(IsBlank)))
        {
            throw Error("Required blocks can only contain comments or whitespace", _stream.Current.Line);
        }

        _stream.SkipIfName(name);
        return new BlockStatement(name, scoped, required, body, line);
    }

    private static bool IsBlank(Expression part) => part is DataExpression data && data.Text.All(PythonText.IsSpace);

    private static TemplateException Error(string message, int line) => new("TemplateSyntaxError", message, line);

    private TemplateException FailUnknown(string? tag, List<string[]> endWords)
    {
        var message = tag is null ? "Unexpected end of template." : $"Encountered unknown tag {PythonText.Repr(tag)}.";
        if (endWords.Count > 0)
        {
            var wanted = string.Join(" or ", endWords[^1].Select(PythonText.Repr));
            message += tag is not null && endWords.Any(words => words.Contains(tag))
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {wanted}."
                : $" Jinja was looking for the following tags: {wanted}.";
        }

        if (_tags.Count > 0)
        {
            message += $" The innermost block that needs to be closed is {PythonText.Repr(_tags[^1])}.";
        }

        return Error(message, _stream.Current.Line);
    }
}
