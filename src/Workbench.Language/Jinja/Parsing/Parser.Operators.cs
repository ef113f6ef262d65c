using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Parsing;

// Expressions by precedence: conditional, or, and, not, comparison, sum, ~, product, power, sign.
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
}
