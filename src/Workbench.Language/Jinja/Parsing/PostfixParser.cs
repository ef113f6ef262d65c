using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>What follows a primary: attributes, subscripts, calls, filters, tests.</summary>
internal sealed class PostfixParser(TokenStream stream, PrimaryParser primary)
{
    public Expression Postfix(Expression node)
    {
        while (true)
        {
            switch (stream.Current.Type)
            {
                case "." or "[": node = primary.Bounded(Subscript(node)); break;
                case "(": node = primary.Bounded(Call(node)); break;
                default: return node;
            }
        }
    }

    public Expression FilterExpressions(Expression node)
    {
        while (true)
        {
            if (stream.Is("|"))
            {
                node = Filter(node, startInline: false)!;
            }
            else if (stream.IsName("is"))
            {
                node = primary.Bounded(Test(node));
            }
            else if (stream.Is("("))
            {
                node = primary.Bounded(Call(node));
            }
            else
            {
                return node;
            }
        }
    }

    /// <summary>A chain of filters; <paramref name="startInline"/> where the first has no pipe (<c>{% filter upper %}</c>).</summary>
    public Expression? Filter(Expression? node, bool startInline)
    {
        while (startInline || stream.Is("|"))
        {
            if (!startInline)
            {
                stream.Next();
            }

            var token = stream.Expect(TokenType.Name);
            var name = DottedName(token);
            var arguments = stream.Is("(") ? CallArguments() : Arguments.None;
            node = primary.Bounded(new FilterExpression(node, name, arguments, new Place(token.Line, token.Offset)));
            startInline = false;
        }

        return node;
    }

    public Arguments CallArguments()
    {
        var open = stream.Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? star = null, doubleStar = null;
        for (var first = true; !stream.Is(")"); first = false)
        {
            if (!first)
            {
                stream.Expect(",");
                if (stream.Is(")"))
                {
                    break;
                }
            }

            if (stream.Is("*"))
            {
                Ensure(star is null && doubleStar is null);
                stream.Next();
                star = primary.Expression();
            }
            else if (stream.Is("**"))
            {
                Ensure(doubleStar is null);
                stream.Next();
                doubleStar = primary.Expression();
            }
            else if (stream.Is(TokenType.Name) && stream.Look().Type == "=")
            {
                Ensure(doubleStar is null);
                var name = stream.Next().Text;
                stream.Next();
                named.Add((name, primary.Expression()));
            }
            else
            {
                Ensure(star is null && doubleStar is null && named.Count == 0);
                positional.Add(primary.Expression());
            }
        }

        stream.Expect(")");
        return new Arguments(positional, named, star, doubleStar);

        void Ensure(bool allowed)
        {
            if (!allowed)
            {
                throw primary.Error("invalid syntax for function call expression", open.Line);
            }
        }
    }

    private string DottedName(Token first)
    {
        var name = first.Text;
        while (stream.SkipIf("."))
        {
            name += "." + stream.Expect(TokenType.Name).Text;
        }

        return name;
    }

    private CallExpression Call(Expression node)
    {
        var place = new Place(stream.Current.Line, stream.Current.Offset);
        return new CallExpression(node, CallArguments(), place);
    }

    private Expression Subscript(Expression node)
    {
        var token = stream.Next();
        var place = new Place(token.Line, token.Offset);
        if (token.Type == ".")
        {
            var attribute = stream.Next();
            return attribute.Type switch
            {
                TokenType.Name => new AttributeExpression(node, attribute.Text, place),
                TokenType.Integer => new ItemExpression(node, new ConstantExpression(attribute.Number, place), place),
                _ => throw primary.Error("expected name or number", attribute.Line),
            };
        }

        var keys = new List<Expression>();
        while (!stream.Is("]"))
        {
            if (keys.Count > 0)
            {
                stream.Expect(",");
            }

            keys.Add(Subscribed());
        }

        stream.Expect("]");
        return new ItemExpression(node, keys.Count == 1 ? keys[0] : new TupleExpression(keys, place), place);
    }

    private Expression Subscribed()
    {
        var place = new Place(stream.Current.Line, stream.Current.Offset);
        Expression? start = null, stop = null, step = null;
        if (!stream.Is(":"))
        {
            start = primary.Expression();
            if (!stream.Is(":"))
            {
                return start;
            }
        }

        stream.Next();
        if (!IsSliceEnd() && !stream.Is(":"))
        {
            stop = primary.Expression();
        }

        if (stream.SkipIf(":") && !IsSliceEnd())
        {
            step = primary.Expression();
        }

        return new SliceExpression(start, stop, step, place);
    }

    private bool IsSliceEnd() => stream.Current.Type is "]" or ",";

    private Expression Test(Expression node)
    {
        var token = stream.Next();
        var place = new Place(token.Line, token.Offset);
        var negated = stream.SkipIfName("not");
        var name = DottedName(stream.Expect(TokenType.Name));
        var arguments = Arguments.None;
        if (stream.Is("("))
        {
            arguments = CallArguments();
        }
        else if (StartsTestArgument())
        {
            if (stream.IsName("is"))
            {
                throw primary.Error("You cannot chain multiple tests with is");
            }

            var argument = Postfix(primary.Nested(() => primary.Primary()));
            arguments = new Arguments([argument], [], null, null);
        }

        Expression result = new TestExpression(node, name, arguments, place);
        return negated ? new UnaryExpression("not", result, place) : result;
    }

    private bool StartsTestArgument() =>
        stream.Current.Type is TokenType.Name or TokenType.String or TokenType.Integer or TokenType.Float or "[" or "{"
        && !stream.IsName("else") && !stream.IsName("or") && !stream.IsName("and");
}
