namespace Workbench.Language.Jinja.Ast;

/// <summary>Parameters of a macro or call block; the last ones have the defaults.</summary>
internal sealed record Signature(IReadOnlyList<NameExpression> Parameters, IReadOnlyList<Expression> Defaults)
{
    public static Signature Empty { get; } = new([], []);
}

internal sealed class MacroStatement(string name, Signature signature, IReadOnlyList<Statement> body, int line)
    : Statement(line)
{
    public string Name { get; } = name;

    public Signature Signature { get; } = signature;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class CallBlockStatement(
    CallExpression call, Signature signature, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public CallExpression Call { get; } = call;

    public Signature Signature { get; } = signature;

    public IReadOnlyList<Statement> Body { get; } = body;
}

/// <summary><c>{% generation %}</c>: to Jinja2 a call block whose call notes the span.</summary>
internal sealed class GenerationStatement(IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class FilterBlockStatement(FilterExpression filter, IReadOnlyList<Statement> body, int line)
    : Statement(line)
{
    public FilterExpression Filter { get; } = filter;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class WithStatement(
    IReadOnlyList<(Expression Target, Expression Value)> assignments, IReadOnlyList<Statement> body, int line)
    : Statement(line)
{
    public IReadOnlyList<(Expression Target, Expression Value)> Assignments { get; } = assignments;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class AutoescapeStatement(Expression value, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public Expression Value { get; } = value;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class BlockStatement(
    string name, bool scoped, bool required, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public string Name { get; } = name;

    public bool Scoped { get; } = scoped;

    public bool Required { get; } = required;

    public IReadOnlyList<Statement> Body { get; } = body;
}

/// <summary>
/// <c>extends</c>, <c>include</c>, <c>import</c>, <c>from</c>: a chat template has no loader, so each fails when reached,
/// but the names that they would bind shape the scopes before.
/// </summary>
internal sealed class LoaderStatement(string tag, Expression template, IReadOnlyList<string> names, int line)
    : Statement(line)
{
    public string Tag { get; } = tag;

    public Expression Template { get; } = template;

    public IReadOnlyList<string> Names { get; } = names;
}
