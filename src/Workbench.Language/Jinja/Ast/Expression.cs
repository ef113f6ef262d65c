using System.Numerics;

namespace Workbench.Language.Jinja.Ast;

/// <summary>Where a node stands in the template.</summary>
/// <param name="Line">The line Jinja2 gives the node; errors name it.</param>
/// <param name="Offset">UTF-16 offset of the node's first token, for the source map.</param>
internal readonly record struct Place(int Line, int Offset);

/// <summary>An expression. <see cref="Depth"/> counts the nodes below, so that no tree outgrows the stack.</summary>
internal abstract class Expression(Place place, int depth = 1)
{
    public Place Place { get; } = place;

    public int Depth { get; } = depth;

    /// <summary>Jinja2's name for the node, as in "can't assign to 'const'".</summary>
    public abstract string Kind { get; }

    protected static int Above(Expression? child) => 1 + (child?.Depth ?? 0);

    protected static int Above(Expression? first, Expression? second) => Math.Max(Above(first), Above(second));

    protected static int Above(IEnumerable<Expression?> children) => 1 + children.Max(child => child?.Depth) ?? 1;
}

internal sealed class NameExpression(string name, Place place) : Expression(place)
{
    public string Name { get; } = name;

    public override string Kind => "name";
}

/// <summary><c>ns.attribute</c> as the target of an assignment.</summary>
internal sealed class NamespaceTarget(string name, string attribute, Place place) : Expression(place)
{
    public string Name { get; } = name;

    public string Attribute { get; } = attribute;

    public override string Kind => "nsref";
}

/// <summary>A literal: null, a bool, a string, a <see cref="BigInteger"/> or a double.</summary>
internal sealed class ConstantExpression(object? value, Place place) : Expression(place)
{
    public object? Value { get; } = value;

    public override string Kind => "const";
}

internal sealed class TupleExpression(IReadOnlyList<Expression> items, Place place) : Expression(place, Above(items))
{
    public IReadOnlyList<Expression> Items { get; } = items;

    public override string Kind => "tuple";
}

internal sealed class ListExpression(IReadOnlyList<Expression> items, Place place) : Expression(place, Above(items))
{
    public IReadOnlyList<Expression> Items { get; } = items;

    public override string Kind => "list";
}

internal sealed class DictExpression(IReadOnlyList<(Expression Key, Expression Value)> items, Place place)
    : Expression(place, Above(items.SelectMany(pair => new[] { pair.Key, pair.Value })))
{
    public IReadOnlyList<(Expression Key, Expression Value)> Items { get; } = items;

    public override string Kind => "dict";
}
