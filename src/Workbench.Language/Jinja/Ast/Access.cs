namespace Workbench.Language.Jinja.Ast;

/// <summary><c>x.name</c>: the attribute first, then the item.</summary>
internal sealed class AttributeExpression(Expression target, string name, Place place)
    : Expression(place, Above(target))
{
    public Expression Target { get; } = target;

    public string Name { get; } = name;

    public override string Kind => "getattr";
}

/// <summary><c>x[key]</c>: the item first, then the attribute.</summary>
internal sealed class ItemExpression(Expression target, Expression key, Place place)
    : Expression(place, Above(target, key))
{
    public Expression Target { get; } = target;

    public Expression Key { get; } = key;

    public override string Kind => "getitem";
}

/// <summary><c>start:stop:step</c> in a subscript.</summary>
internal sealed class SliceExpression(Expression? start, Expression? stop, Expression? step, Place place)
    : Expression(place, Math.Max(Above(start, stop), Above(step)))
{
    public Expression? Start { get; } = start;

    public Expression? Stop { get; } = stop;

    public Expression? Step { get; } = step;

    public override string Kind => "slice";
}

/// <summary>Arguments of a call, a filter or a test.</summary>
internal sealed record Arguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? Star,
    Expression? DoubleStar)
{
    public static Arguments None { get; } = new([], [], null, null);

    public int Depth { get; } = Positional.Concat(Named.Select(pair => pair.Value)).Append(Star).Append(DoubleStar)
        .Max(child => child?.Depth) ?? 0;
}

internal sealed class CallExpression(Expression target, Arguments arguments, Place place)
    : Expression(place, Math.Max(Above(target), 1 + arguments.Depth))
{
    public Expression Target { get; } = target;

    public Arguments Arguments { get; } = arguments;

    public override string Kind => "call";
}

/// <summary><c>target | name(arguments)</c>; without target the text of a filter or set block.</summary>
internal sealed class FilterExpression(Expression? target, string name, Arguments arguments, Place place)
    : Expression(place, Math.Max(Above(target), 1 + arguments.Depth))
{
    public Expression? Target { get; } = target;

    public string Name { get; } = name;

    public Arguments Arguments { get; } = arguments;

    public override string Kind => "filter";
}

/// <summary><c>target is name(arguments)</c>.</summary>
internal sealed class TestExpression(Expression target, string name, Arguments arguments, Place place)
    : Expression(place, Math.Max(Above(target), 1 + arguments.Depth))
{
    public Expression Target { get; } = target;

    public string Name { get; } = name;

    public Arguments Arguments { get; } = arguments;

    public override string Kind => "test";
}
