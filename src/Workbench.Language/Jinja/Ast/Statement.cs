namespace Workbench.Language.Jinja.Ast;

/// <summary>A statement at a line of the template.</summary>
internal abstract class Statement(int line)
{
    public int Line { get; } = line;
}

/// <summary>Text of the template's own between tags.</summary>
internal sealed class DataExpression(string text, Place place) : Expression(place)
{
    public string Text { get; } = text;

    public override string Kind => "templatedata";
}

/// <summary>Data and <c>{{ … }}</c> up to the next statement.</summary>
internal sealed class OutputStatement(IReadOnlyList<Expression> parts, int line) : Statement(line)
{
    public IReadOnlyList<Expression> Parts { get; } = parts;
}

internal sealed class SetStatement(Expression target, Expression value, int line) : Statement(line)
{
    public Expression Target { get; } = target;

    public Expression Value { get; } = value;
}

internal sealed class SetBlockStatement(
    Expression target, FilterExpression? filter, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public Expression Target { get; } = target;

    public FilterExpression? Filter { get; } = filter;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class ForStatement(
    Expression target, Expression iterable, Expression? test, bool recursive,
    IReadOnlyList<Statement> body, IReadOnlyList<Statement> otherwise, int line) : Statement(line)
{
    public Expression Target { get; } = target;

    public Expression Iterable { get; } = iterable;

    public Expression? Test { get; } = test;

    public bool Recursive { get; } = recursive;

    public IReadOnlyList<Statement> Body { get; } = body;

    public IReadOnlyList<Statement> Otherwise { get; } = otherwise;
}

/// <summary>One <c>if</c> or <c>elif</c> with its body.</summary>
internal sealed record IfBranch(Expression Test, IReadOnlyList<Statement> Body, int Line);

internal sealed class IfStatement(
    IReadOnlyList<IfBranch> branches, IReadOnlyList<Statement> otherwise, int line) : Statement(line)
{
    public IReadOnlyList<IfBranch> Branches { get; } = branches;

    public IReadOnlyList<Statement> Otherwise { get; } = otherwise;
}

internal sealed class BreakStatement(int line) : Statement(line);

internal sealed class ContinueStatement(int line) : Statement(line);
