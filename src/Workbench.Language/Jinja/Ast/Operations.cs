namespace Workbench.Language.Jinja.Ast;

/// <summary><c>+ - * / // % **</c>.</summary>
internal sealed class BinaryExpression(string operation, Expression left, Expression right, Place place)
    : Expression(place, Above(left, right))
{
    public string Operator { get; } = operation;

    public Expression Left { get; } = left;

    public Expression Right { get; } = right;

    public override string Kind => Operator switch
    {
        "+" => "add", "-" => "sub", "*" => "mul", "/" => "div", "//" => "floordiv", "%" => "mod", _ => "pow",
    };
}

/// <summary><c>and</c>, <c>or</c>: the value of the operand that decides.</summary>
internal sealed class LogicalExpression(bool isAnd, Expression left, Expression right, Place place)
    : Expression(place, Above(left, right))
{
    public bool IsAnd { get; } = isAnd;

    public Expression Left { get; } = left;

    public Expression Right { get; } = right;

    public override string Kind => IsAnd ? "and" : "or";
}

/// <summary><c>not</c>, <c>-</c>, <c>+</c>.</summary>
internal sealed class UnaryExpression(string operation, Expression operand, Place place)
    : Expression(place, Above(operand))
{
    public string Operator { get; } = operation;

    public Expression Operand { get; } = operand;

    public override string Kind => Operator switch { "not" => "not", "-" => "neg", _ => "pos" };
}

/// <summary>A chain of comparisons, <c>1 &lt; x &lt;= 3</c>, <c>in</c> and <c>not in</c> among them.</summary>
internal sealed class CompareExpression(
    Expression first, IReadOnlyList<(string Operator, Expression Operand)> rest, Place place)
    : Expression(place, Math.Max(Above(first), Above(rest.Select(part => part.Operand))))
{
    public Expression First { get; } = first;

    public IReadOnlyList<(string Operator, Expression Operand)> Rest { get; } = rest;

    public override string Kind => "compare";
}

/// <summary><c>a ~ b ~ c</c>.</summary>
internal sealed class ConcatExpression(IReadOnlyList<Expression> parts, Place place) : Expression(place, Above(parts))
{
    public IReadOnlyList<Expression> Parts { get; } = parts;

    public override string Kind => "concat";
}

/// <summary><c>a if test else b</c>; without else an undefined value.</summary>
internal sealed class ConditionalExpression(Expression test, Expression then, Expression? otherwise, Place place)
    : Expression(place, Math.Max(Above(test, then), Above(otherwise)))
{
    public Expression Test { get; } = test;

    public Expression Then { get; } = then;

    public Expression? Otherwise { get; } = otherwise;

    public override string Kind => "condexpr";
}
