using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Jinja.Parsing;

// What follows an operand: attributes, subscripts, calls, filters and tests.
internal sealed partial class Parser
{
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
