using System.Text;
using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Parsing;

// What an expression starts with: names, literals, parentheses, lists and dicts.
internal sealed partial class Parser
{
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
}
