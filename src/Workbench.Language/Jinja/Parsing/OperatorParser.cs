using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>Operators, loosest first: if-else, or, and, not, comparisons, + -, ~, * / // %, **, signs.</summary>
internal sealed class OperatorParser(TokenStream stream, PrimaryParser primary)
{
    public Expression Conditional()
    {
        var place = Here();
        var result = Or();
        while (stream.SkipIfName("if"))
        {
            var test = Or();
            var otherwise = stream.SkipIfName("else") ? primary.Nested(Conditional) : null;
            result = primary.Bounded(new ConditionalExpression(test, result, otherwise, place));
            place = Here();
        }

        return result;
    }

    public Expression Or()
    {
        var place = Here();
        var left = And();
        while (stream.SkipIfName("or"))
        {
            left = primary.Bounded(new LogicalExpression(false, left, And(), place));
            place = Here();
        }

        return left;
    }

    private Expression And()
    {
        var place = Here();
        var left = Not();
        while (stream.SkipIfName("and"))
        {
            left = primary.Bounded(new LogicalExpression(true, left, Not(), place));
            place = Here();
        }

        return left;
    }

    private Expression Not()
    {
        if (!stream.IsName("not"))
        {
            return Compare();
        }

        var place = Here();
        stream.Next();
        return primary.Bounded(new UnaryExpression("not", primary.Nested(Not), place));
    }

    private Expression Compare()
    {
        var place = Here();
        var first = Sum();
        List<(string, Expression)>? rest = null;
        while (CompareOperator() is { } operation)
        {
            (rest ??= []).Add((operation, Sum()));
            place = Here();
        }

        return rest is null ? first : primary.Bounded(new CompareExpression(first, rest, place));
    }

    private string? CompareOperator()
    {
        if (stream.Current.Type is "==" or "!=" or "<" or "<=" or ">" or ">=")
        {
            return stream.Next().Type;
        }

        if (stream.SkipIfName("in"))
        {
            return "in";
        }

        if (!stream.IsName("not") || !stream.Look().IsName("in"))
        {
            return null;
        }

        stream.Next();
        stream.Next();
        return "not in";
    }

    private Expression Sum()
    {
        var place = Here();
        var left = Concat();
        while (stream.Current.Type is "+" or "-")
        {
            var operation = stream.Next().Type;
            left = primary.Bounded(new BinaryExpression(operation, left, Concat(), place));
            place = Here();
        }

        return left;
    }

    private Expression Concat()
    {
        var place = Here();
        var first = Product();
        if (!stream.Is("~"))
        {
            return first;
        }

        var parts = new List<Expression> { first };
        while (stream.SkipIf("~"))
        {
            parts.Add(Product());
        }

        return primary.Bounded(new ConcatExpression(parts, place));
    }

    private Expression Product()
    {
        var place = Here();
        var left = Power();
        while (stream.Current.Type is "*" or "/" or "//" or "%")
        {
            var operation = stream.Next().Type;
            left = primary.Bounded(new BinaryExpression(operation, left, Power(), place));
            place = Here();
        }

        return left;
    }

    /// <summary>Left-associative, unlike Python's: Jinja2 groups <c>2**3**2</c> as <c>(2**3)**2</c>.</summary>
    private Expression Power()
    {
        var place = Here();
        var left = Unary();
        while (stream.SkipIf("**"))
        {
            left = primary.Bounded(new BinaryExpression("**", left, Unary(), place));
            place = Here();
        }

        return left;
    }

    private Expression Unary(bool withFilter = true)
    {
        var place = Here();
        Expression node;
        if (stream.Current.Type is "-" or "+")
        {
            var operation = stream.Next().Type;
            node = primary.Bounded(new UnaryExpression(operation, primary.Nested(() => Unary(withFilter: false)), place));
        }
        else
        {
            node = primary.Primary();
        }

        node = primary.Postfixes.Postfix(node);
        return withFilter ? primary.Postfixes.FilterExpressions(node) : node;
    }

    private Place Here() => new(stream.Current.Line, stream.Current.Offset);
}
