using System.Runtime.CompilerServices;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>Literals, names, tuples, lists and dicts; keeps count of how deep the parser is.</summary>
internal sealed class PrimaryParser
{
    private readonly TokenStream _stream;
    private readonly ParseLimits _limits;
    private readonly OperatorParser _operators;
    private int _depth;

    public PrimaryParser(TokenStream stream, ParseLimits limits)
    {
        _stream = stream;
        _limits = limits;
        _operators = new OperatorParser(stream, this);
        Postfixes = new PostfixParser(stream, this);
    }

    public PostfixParser Postfixes { get; }

    public Expression Expression(bool withConditional = true) =>
        withConditional ? Nested(_operators.Conditional) : Nested(_operators.Or);

    /// <summary>Runs a deeper level of the descent within the limit and the stack.</summary>
    public Expression Nested(Func<Expression> parse)
    {
        if (++_depth > _limits.MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep();
        }

        var result = parse();
        _depth--;
        return result;
    }

    /// <summary>Refuses a tree that became too deep by a long chain such as <c>a.b.c…</c> or <c>1+1+…</c>.</summary>
    public T Bounded<T>(T node)
        where T : Expression => node.Depth > 4 * _limits.MaxNesting ? throw TooDeep() : node;

    public Expression Tuple(bool withConditional, string? endWord, bool explicitParentheses)
    {
        var place = Here();
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0)
            {
                _stream.Expect(",");
            }

            if (IsTupleEnd(endWord))
            {
                break;
            }

            items.Add(Expression(withConditional));
            if (!_stream.Is(","))
            {
                break;
            }

            isTuple = true;
            place = Here();
        }

        return Finish(items, isTuple, explicitParentheses, place);
    }

    /// <summary>A tuple of primaries: the target of an assignment.</summary>
    public Expression SimpleTuple(string? endWord, bool withNamespace)
    {
        var place = Here();
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0)
            {
                _stream.Expect(",");
            }

            if (IsTupleEnd(endWord))
            {
                break;
            }

            items.Add(Primary(withNamespace));
            if (!_stream.Is(","))
            {
                break;
            }

            isTuple = true;
            place = Here();
        }

        return Finish(items, isTuple, explicitParentheses: false, place);
    }

    public Expression Primary(bool withNamespace = false)
    {
        var token = _stream.Current;
        var place = Here();
        switch (token.Type)
        {
            case TokenType.Name:
                _stream.Next();
                return Name(token, withNamespace, place);
            case TokenType.String:
                var text = "";
                while (_stream.Is(TokenType.String))
                {
                    text += _stream.Next().Text;
                }

                return new ConstantExpression(text, place);
            case TokenType.Integer or TokenType.Float:
                _stream.Next();
                return new ConstantExpression(token.Number, place);
            case "(":
                _stream.Next();
                var tuple = Tuple(withConditional: true, endWord: null, explicitParentheses: true);
                _stream.Expect(")");
                return tuple;
            case "[":
                return List(place);
            case "{":
                return Dict(place);
            default:
                throw Error($"unexpected {PythonText.Repr(token.Describe())}", token.Line);
        }
    }

    public TemplateException Error(string message, int? line = null) =>
        new("TemplateSyntaxError", message, line ?? _stream.Current.Line);

    private Expression Name(Token token, bool withNamespace, Place place)
    {
        switch (token.Text)
        {
            case "true" or "True": return new ConstantExpression(true, place);
            case "false" or "False": return new ConstantExpression(false, place);
            case "none" or "None": return new ConstantExpression(null, place);
        }

        if (withNamespace && _stream.SkipIf("."))
        {
            return new NamespaceTarget(token.Text, _stream.Expect(TokenType.Name).Text, place);
        }

        return new NameExpression(token.Text, place);
    }

    private Expression Finish(List<Expression> items, bool isTuple, bool explicitParentheses, Place place)
    {
        if (!isTuple)
        {
            if (items.Count > 0)
            {
                return items[0];
            }

            if (!explicitParentheses)
            {
                throw Error($"Expected an expression, got {PythonText.Repr(_stream.Current.Describe())}");
            }
        }

        return Bounded(new TupleExpression(items, place));
    }

    private bool IsTupleEnd(string? endWord) =>
        _stream.Current.Type is TokenType.VariableEnd or TokenType.BlockEnd or ")"
        || (endWord is not null && _stream.IsName(endWord));

    private ListExpression List(Place place)
    {
        _stream.Expect("[");
        var items = new List<Expression>();
        while (!_stream.Is("]"))
        {
            if (items.Count > 0)
            {
                _stream.Expect(",");
            }

            if (_stream.Is("]"))
            {
                break;
            }

            items.Add(Expression());
        }

        _stream.Expect("]");
        return Bounded(new ListExpression(items, place));
    }

    private DictExpression Dict(Place place)
    {
        _stream.Expect("{");
        var items = new List<(Expression, Expression)>();
        while (!_stream.Is("}"))
        {
            if (items.Count > 0)
            {
                _stream.Expect(",");
            }

            if (_stream.Is("}"))
            {
                break;
            }

            var key = Expression();
            _stream.Expect(":");
            items.Add((key, Expression()));
        }

        _stream.Expect("}");
        return Bounded(new DictExpression(items, place));
    }

    public TemplateException TooDeep() => new(
        "RecursionError",
        $"the template nests more than {_limits.MaxNesting} levels deep; flatten it, or raise ParseLimits.MaxNesting",
        _stream.Current.Line);

    private Place Here() => new(_stream.Current.Line, _stream.Current.Offset);
}
