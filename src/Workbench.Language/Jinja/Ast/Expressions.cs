using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Ast;

/// <summary>An expression of the template language as it was written.</summary>
/// <param name="line">Line by Jinja2's count.</param>
/// <param name="offset">Where it begins in the normalised source.</param>
/// <param name="children">Expressions inside; they decide how deep the tree is.</param>
internal abstract class Expression(int line, int offset, params ReadOnlySpan<Expression?> children)
{
    public int Line { get; } = line;

    public int Offset { get; } = offset;

    /// <summary>Levels of expressions from here down; bounded by the parser, because every later pass recurses.</summary>
    public int Depth { get; } = 1 + DeepestOf(children);

    private static int DeepestOf(ReadOnlySpan<Expression?> children)
    {
        var depth = 0;
        foreach (var child in children)
        {
            depth = Math.Max(depth, child?.Depth ?? 0);
        }

        return depth;
    }
}

internal sealed class NameExpression(string name, int line, int offset) : Expression(line, offset)
{
    public string Name { get; } = name;

    /// <summary>How the name is used; the parser sets it once it knows.</summary>
    public NameUse Use { get; set; }
}

internal enum NameUse
{
    Load,
    Store,
    Parameter,
}

/// <summary><c>ns.attr</c> as the target of an assignment.</summary>
internal sealed class NamespaceTarget(string name, string attribute, int line, int offset) : Expression(line, offset)
{
    public string Name { get; } = name;

    public string Attribute { get; } = attribute;
}

internal sealed class ConstantExpression(Value value, int line, int offset) : Expression(line, offset)
{
    public Value Value { get; } = value;
}

/// <summary>Text between tags.</summary>
internal sealed class DataExpression(string text, int line, int offset) : Expression(line, offset)
{
    public string Text { get; } = text;
}

internal sealed class TupleExpression(IReadOnlyList<Expression> items, int line, int offset) : Expression(line, offset, [.. items])
{
    public IReadOnlyList<Expression> Items { get; } = items;
}

internal sealed class ListExpression(IReadOnlyList<Expression> items, int line, int offset) : Expression(line, offset, [.. items])
{
    public IReadOnlyList<Expression> Items { get; } = items;
}

internal sealed class DictExpression(IReadOnlyList<(Expression Key, Expression Value)> items, int line, int offset)
    : Expression(line, offset, [.. items.Select(item => item.Key), .. items.Select(item => item.Value)])
{
    public IReadOnlyList<(Expression Key, Expression Value)> Items { get; } = items;
}

internal sealed class ConditionalExpression(Expression test, Expression then, Expression? otherwise, int line, int offset)
    : Expression(line, offset, test, then, otherwise)
{
    public Expression Test { get; } = test;

    public Expression Then { get; } = then;

    public Expression? Otherwise { get; } = otherwise;
}

/// <summary>The arguments of a call, filter or test.</summary>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? Star,
    Expression? DoubleStar)
{
    public static CallArguments None { get; } = new([], [], null, null);

    public IEnumerable<Expression?> All => [.. Positional, .. Named.Select(pair => pair.Value), Star, DoubleStar];
}

/// <summary><c>operand|name(arguments)</c>; the operand of a filter block is its body, here null.</summary>
internal sealed class FilterExpression(Expression? operand, string name, CallArguments arguments, int line, int offset)
    : Expression(line, offset, [operand, .. arguments.All])
{
    public Expression? Operand { get; } = operand;

    public string Name { get; } = name;

    public CallArguments Arguments { get; } = arguments;
}

internal sealed class TestExpression(Expression operand, string name, CallArguments arguments, int line, int offset)
    : Expression(line, offset, [operand, .. arguments.All])
{
    public Expression Operand { get; } = operand;

    public string Name { get; } = name;

    public CallArguments Arguments { get; } = arguments;
}

internal sealed class CallExpression(Expression callee, CallArguments arguments, int line, int offset)
    : Expression(line, offset, [callee, .. arguments.All])
{
    public Expression Callee { get; } = callee;

    public CallArguments Arguments { get; } = arguments;
}

internal sealed class AttributeExpression(Expression operand, string name, int line, int offset) : Expression(line, offset, operand)
{
    public Expression Operand { get; } = operand;

    public string Name { get; } = name;
}

internal sealed class ItemExpression(Expression operand, Expression key, int line, int offset) : Expression(line, offset, operand, key)
{
    public Expression Operand { get; } = operand;

    public Expression Key { get; } = key;
}

internal sealed class SliceExpression(Expression? start, Expression? stop, Expression? step, int line, int offset)
    : Expression(line, offset, start, stop, step)
{
    public Expression? Start { get; } = start;

    public Expression? Stop { get; } = stop;

    public Expression? Step { get; } = step;
}

/// <summary><c>a ~ b ~ c</c>.</summary>
internal sealed class ConcatExpression(IReadOnlyList<Expression> items, int line, int offset) : Expression(line, offset, [.. items])
{
    public IReadOnlyList<Expression> Items { get; } = items;
}

/// <summary>A chain of comparisons, <c>a &lt; b &lt; c</c>.</summary>
internal sealed class CompareExpression(
    Expression first, IReadOnlyList<(ComparisonOperator Operator, Expression Operand)> rest, int line, int offset)
    : Expression(line, offset, [first, .. rest.Select(item => item.Operand)])
{
    public Expression First { get; } = first;

    public IReadOnlyList<(ComparisonOperator Operator, Expression Operand)> Rest { get; } = rest;
}

internal enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    And,
    Or,
}

internal sealed class BinaryExpression(BinaryOperator operation, Expression left, Expression right, int line, int offset)
    : Expression(line, offset, left, right)
{
    public BinaryOperator Operator { get; } = operation;

    public Expression Left { get; } = left;

    public Expression Right { get; } = right;
}

internal enum UnaryOperator
{
    Not,
    Negate,
    Plus,
}

internal sealed class UnaryExpression(UnaryOperator operation, Expression operand, int line, int offset) : Expression(line, offset, operand)
{
    public UnaryOperator Operator { get; } = operation;

    public Expression Operand { get; } = operand;
}
