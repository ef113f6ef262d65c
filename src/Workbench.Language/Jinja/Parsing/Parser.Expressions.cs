using System.Text;
using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Parsing;

internal sealed partial class Parser
{
    private Expression Expression(bool withConditional = true) => withConditional ? Conditional() : Or();

    private Expression Conditional()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var then = Or();
        while (stream.SkipIfName("if"))
        {
            var test = Or();
            Expression? otherwise = null;
            if (stream.SkipIfName("else"))
            {
                Enter(1);
                otherwise = Conditional();
                Leave(1);
            }

            then = Checked(new ConditionalExpression(test, then, otherwise, line, offset));
            line = Current.Line;
        }

        return then;
    }

    private Expression Or()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var left = And();
        while (stream.SkipIfName("or"))
        {
            left = Checked(new BinaryExpression(BinaryOperator.Or, left, And(), line, offset));
            line = Current.Line;
        }

        return left;
    }

    private Expression And()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var left = Not();
        while (stream.SkipIfName("and"))
        {
            left = Checked(new BinaryExpression(BinaryOperator.And, left, Not(), line, offset));
            line = Current.Line;
        }

        return left;
    }

    private Expression Not()
    {
        if (!Current.IsName("not"))
        {
            return Compare();
        }

        var token = stream.Next();
        Enter(1);
        var operand = Not();
        Leave(1);
        return Checked(new UnaryExpression(UnaryOperator.Not, operand, token.Line, token.Offset));
    }

    private Expression Compare()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var first = Sum();
        var rest = new List<(ComparisonOperator, Expression)>();
        while (ReadComparison() is { } operation)
        {
            rest.Add((operation, Sum()));
            line = Current.Line;
        }

        return rest.Count == 0 ? first : Checked(new CompareExpression(first, rest, line, offset));
    }

    private ComparisonOperator? ReadComparison()
    {
        ComparisonOperator? symbol = Current.Kind switch
        {
            TokenKind.Eq => ComparisonOperator.Equal,
            TokenKind.Ne => ComparisonOperator.NotEqual,
            TokenKind.Lt => ComparisonOperator.Less,
            TokenKind.LtEq => ComparisonOperator.LessOrEqual,
            TokenKind.Gt => ComparisonOperator.Greater,
            TokenKind.GtEq => ComparisonOperator.GreaterOrEqual,
            _ => null,
        };
        if (symbol is not null)
        {
            stream.Next();
            return symbol;
        }

        if (stream.SkipIfName("in"))
        {
            return ComparisonOperator.In;
        }

        if (Current.IsName("not") && stream.Look().IsName("in"))
        {
            stream.Next();
            stream.Next();
            return ComparisonOperator.NotIn;
        }

        return null;
    }

    private Expression Sum()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var left = Concat();
        while (Current.Kind is TokenKind.Add or TokenKind.Sub)
        {
            var operation = stream.Next().Kind == TokenKind.Add ? BinaryOperator.Add : BinaryOperator.Subtract;
            left = Checked(new BinaryExpression(operation, left, Concat(), line, offset));
            line = Current.Line;
        }

        return left;
    }

    private Expression Concat()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var items = new List<Expression> { Product() };
        while (stream.SkipIf(TokenKind.Tilde))
        {
            items.Add(Product());
        }

        return items.Count == 1 ? items[0] : Checked(new ConcatExpression(items, line, offset));
    }

    private Expression Product()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var left = Power();
        while (Current.Kind is TokenKind.Mul or TokenKind.Div or TokenKind.FloorDiv or TokenKind.Mod)
        {
            var operation = stream.Next().Kind switch
            {
                TokenKind.Mul => BinaryOperator.Multiply,
                TokenKind.Div => BinaryOperator.Divide,
                TokenKind.FloorDiv => BinaryOperator.FloorDivide,
                _ => BinaryOperator.Modulo,
            };
            left = Checked(new BinaryExpression(operation, left, Power(), line, offset));
            line = Current.Line;
        }

        return left;
    }

    // Left-associative, unlike Python's: Jinja2 does it so.
    private Expression Power()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var left = Unary();
        while (stream.SkipIf(TokenKind.Pow))
        {
            left = Checked(new BinaryExpression(BinaryOperator.Power, left, Unary(), line, offset));
            line = Current.Line;
        }

        return left;
    }

    private Expression Unary(bool withFilter = true)
    {
        var token = Current;
        Expression node;
        if (token.Kind is TokenKind.Sub or TokenKind.Add)
        {
            stream.Next();
            Enter(1);
            var operand = Unary(withFilter: false);
            Leave(1);
            var operation = token.Kind == TokenKind.Sub ? UnaryOperator.Negate : UnaryOperator.Plus;
            node = Checked(new UnaryExpression(operation, operand, token.Line, token.Offset));
        }
        else
        {
            node = Primary();
        }

        node = Postfix(node);
        return withFilter ? FilterChain(node) : node;
    }

    private Expression Primary(bool withNamespace = false)
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Next();
                if (token.Text is "true" or "false" or "True" or "False")
                {
                    return new ConstantExpression(BoolValue.Of(token.Text is "true" or "True"), token.Line, token.Offset);
                }

                if (token.Text is "none" or "None")
                {
                    return new ConstantExpression(NoneValue.Instance, token.Line, token.Offset);
                }

                if (withNamespace && stream.SkipIf(TokenKind.Dot))
                {
                    return new NamespaceTarget(token.Text, stream.Expect(TokenKind.Name).Text, token.Line, token.Offset);
                }

                return new NameExpression(token.Text, token.Line, token.Offset);
            case TokenKind.String:
                var text = stream.Next().Text;
                if (Current.Kind == TokenKind.String)
                {
                    var parts = new StringBuilder(text);
                    while (Current.Kind == TokenKind.String)
                    {
                        parts.Append(stream.Next().Text);
                    }

                    text = parts.ToString();
                }

                return new ConstantExpression(new StringValue(text), token.Line, token.Offset);
            case TokenKind.Integer:
            case TokenKind.Float:
                stream.Next();
                return new ConstantExpression(token.Number!, token.Line, token.Offset);
            case TokenKind.LeftParen:
                stream.Next();
                Enter(14);
                var inner = TupleOrExpression(explicitParentheses: true);
                Leave(14);
                stream.Expect(TokenKind.RightParen);
                return inner;
            case TokenKind.LeftBracket:
                return List();
            case TokenKind.LeftBrace:
                return Dict();
            default:
                throw Fail($"unexpected {Quote(token.Describe())}", token.Line);
        }
    }

    /// <summary>One expression, or a tuple where commas follow.</summary>
    private Expression TupleOrExpression(
        bool simplified = false,
        bool withConditional = true,
        bool explicitParentheses = false,
        bool withNamespace = false)
    {
        var (line, offset) = (Current.Line, Current.Offset);
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            // Jinja2 means to end at the name that follows ("in", "recursive") too, but its test for it never holds.
            if (Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd or TokenKind.RightParen)
            {
                break;
            }

            items.Add(simplified ? Primary(withNamespace) : Expression(withConditional));
            if (Current.Kind != TokenKind.Comma)
            {
                break;
            }

            isTuple = true;
            line = Current.Line;
        }

        if (!isTuple)
        {
            if (items.Count > 0)
            {
                return items[0];
            }

            if (!explicitParentheses)
            {
                throw Fail($"Expected an expression, got {Quote(Current.Describe())}", Current.Line);
            }
        }

        return Checked(new TupleExpression(items, line, offset));
    }

    private ListExpression List()
    {
        var token = stream.Expect(TokenKind.LeftBracket);
        var items = new List<Expression>();
        Enter(13);
        while (Current.Kind != TokenKind.RightBracket)
        {
            if (items.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            if (Current.Kind == TokenKind.RightBracket)
            {
                break;
            }

            items.Add(Expression());
        }

        Leave(13);
        stream.Expect(TokenKind.RightBracket);
        return Checked(new ListExpression(items, token.Line, token.Offset));
    }

    private DictExpression Dict()
    {
        var token = stream.Expect(TokenKind.LeftBrace);
        var items = new List<(Expression, Expression)>();
        Enter(13);
        while (Current.Kind != TokenKind.RightBrace)
        {
            if (items.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            if (Current.Kind == TokenKind.RightBrace)
            {
                break;
            }

            var key = Expression();
            stream.Expect(TokenKind.Colon);
            items.Add((key, Expression()));
        }

        Leave(13);
        stream.Expect(TokenKind.RightBrace);
        return Checked(new DictExpression(items, token.Line, token.Offset));
    }

    private Expression Postfix(Expression node)
    {
        while (true)
        {
            switch (Current.Kind)
            {
                case TokenKind.Dot or TokenKind.LeftBracket:
                    node = Checked(Subscript(node));
                    break;
                case TokenKind.LeftParen:
                    node = Call(node);
                    break;
                default:
                    return node;
            }
        }
    }

    private Expression FilterChain(Expression node)
    {
        while (true)
        {
            if (Current.Kind == TokenKind.Pipe)
            {
                node = Filters(node)!;
            }
            else if (Current.IsName("is"))
            {
                node = Test(node);
            }
            else if (Current.Kind == TokenKind.LeftParen)
            {
                node = Call(node);
            }
            else
            {
                return node;
            }
        }
    }

    private Expression Subscript(Expression node)
    {
        var token = stream.Next();
        if (token.Kind == TokenKind.Dot)
        {
            var name = stream.Next();
            return name.Kind switch
            {
                TokenKind.Name => new AttributeExpression(node, name.Text, token.Line, node.Offset),
                TokenKind.Integer => new ItemExpression(
                    node, new ConstantExpression(name.Number!, name.Line, name.Offset), token.Line, node.Offset),
                _ => throw Fail("expected name or number", name.Line),
            };
        }

        var keys = new List<Expression>();
        Enter(14);
        while (Current.Kind != TokenKind.RightBracket)
        {
            if (keys.Count > 0)
            {
                stream.Expect(TokenKind.Comma);
            }

            keys.Add(Subscribed());
        }

        Leave(14);
        stream.Expect(TokenKind.RightBracket);
        var key = keys.Count == 1 ? keys[0] : new TupleExpression(keys, token.Line, token.Offset);
        return new ItemExpression(node, key, token.Line, node.Offset);
    }

    private Expression Subscribed()
    {
        var (line, offset) = (Current.Line, Current.Offset);
        Expression? start = null;
        if (!stream.SkipIf(TokenKind.Colon))
        {
            start = Expression();
            if (!stream.SkipIf(TokenKind.Colon))
            {
                return start;
            }
        }

        Expression? Bound() => Current.Kind is TokenKind.RightBracket or TokenKind.Comma or TokenKind.Colon ? null : Expression();
        var stop = Bound();
        var step = stream.SkipIf(TokenKind.Colon)
            ? Current.Kind is TokenKind.RightBracket or TokenKind.Comma ? null : Expression()
            : null;
        return new SliceExpression(start, stop, step, line, offset);
    }

    private CallExpression Call(Expression callee)
    {
        var line = Current.Line;
        return Checked(new CallExpression(callee, CallArguments(), line, callee.Offset));
    }

    private CallArguments CallArguments()
    {
        var token = stream.Expect(TokenKind.LeftParen);
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? star = null, doubleStar = null;
        void Ensure(bool valid)
        {
            if (!valid)
            {
                throw Fail("invalid syntax for function call expression", token.Line);
            }
        }

        Enter(14);
        for (var first = true; Current.Kind != TokenKind.RightParen; first = false)
        {
            if (!first)
            {
                stream.Expect(TokenKind.Comma);
                if (Current.Kind == TokenKind.RightParen)
                {
                    break;
                }
            }

            if (Current.Kind == TokenKind.Mul)
            {
                Ensure(star is null && doubleStar is null);
                stream.Next();
                star = Expression();
            }
            else if (Current.Kind == TokenKind.Pow)
            {
                Ensure(doubleStar is null);
                stream.Next();
                doubleStar = Expression();
            }
            else if (Current.Kind == TokenKind.Name && stream.Look().Kind == TokenKind.Assign)
            {
                Ensure(doubleStar is null);
                var name = stream.Next().Text;
                stream.Next();
                named.Add((name, Expression()));
            }
            else
            {
                Ensure(star is null && doubleStar is null && named.Count == 0);
                positional.Add(Expression());
            }
        }

        Leave(14);
        stream.Expect(TokenKind.RightParen);
        return new CallArguments(positional, named, star, doubleStar);
    }

    private Expression? Filters(Expression? node, bool startInline = false)
    {
        while (Current.Kind == TokenKind.Pipe || startInline)
        {
            if (!startInline)
            {
                stream.Next();
            }

            var token = stream.Expect(TokenKind.Name);
            var name = DottedName(token.Text);
            var arguments = Current.Kind == TokenKind.LeftParen ? CallArguments() : Ast.CallArguments.None;
            node = Checked(new FilterExpression(node, name, arguments, token.Line, node?.Offset ?? token.Offset));
            startInline = false;
        }

        return node;
    }

    private Expression Test(Expression node)
    {
        var token = stream.Next();
        var negated = stream.SkipIfName("not");
        var name = DottedName(stream.Expect(TokenKind.Name).Text);
        var arguments = Ast.CallArguments.None;
        if (Current.Kind == TokenKind.LeftParen)
        {
            arguments = CallArguments();
        }
        else if (Current.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
                     or TokenKind.LeftBracket or TokenKind.LeftBrace
                 && !(Current.IsName("else") || Current.IsName("or") || Current.IsName("and")))
        {
            if (Current.IsName("is"))
            {
                throw Fail("You cannot chain multiple tests with is", Current.Line);
            }

            arguments = new CallArguments([Postfix(Primary())], [], null, null);
        }

        Expression test = Checked(new TestExpression(node, name, arguments, token.Line, node.Offset));
        return negated ? Checked(new UnaryExpression(UnaryOperator.Not, test, token.Line, node.Offset)) : test;
    }

    private string DottedName(string name)
    {
        while (stream.SkipIf(TokenKind.Dot))
        {
            name += "." + stream.Expect(TokenKind.Name).Text;
        }

        return name;
    }
}
