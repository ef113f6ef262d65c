namespace Workbench.Language.Jinja.Ast;

/// <summary>A tag, or a run of text and <c>{{ … }}</c>.</summary>
internal abstract class Statement(int line)
{
    public int Line { get; } = line;
}

/// <summary>Text and expressions to print, in order.</summary>
internal sealed class OutputStatement(IReadOnlyList<Expression> items, int line) : Statement(line)
{
    public IReadOnlyList<Expression> Items { get; } = items;
}

internal sealed class IfStatement(Expression test, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public Expression Test { get; } = test;

    public IReadOnlyList<Statement> Body { get; } = body;

    /// <summary>The elif branches, each an if of its own without further branches.</summary>
    public List<IfStatement> ElseIfs { get; } = [];

    public IReadOnlyList<Statement> Else { get; set; } = [];
}

internal sealed class ForStatement(
    Expression target,
    Expression items,
    Expression? test,
    bool recursive,
    IReadOnlyList<Statement> body,
    IReadOnlyList<Statement> otherwise,
    int line) : Statement(line)
{
    public Expression Target { get; } = target;

    public Expression Items { get; } = items;

    public Expression? Test { get; } = test;

    public bool Recursive { get; } = recursive;

    public IReadOnlyList<Statement> Body { get; } = body;

    public IReadOnlyList<Statement> Else { get; } = otherwise;
}

/// <summary>Parameters of a macro or call block; the defaults belong to the last of them.</summary>
internal sealed record Signature(IReadOnlyList<NameExpression> Parameters, IReadOnlyList<Expression> Defaults)
{
    public static Signature None { get; } = new([], []);
}

internal sealed class MacroStatement(string name, Signature signature, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public string Name { get; } = name;

    public Signature Signature { get; } = signature;

    public IReadOnlyList<Statement> Body { get; } = body;
}

/// <summary><c>{% call %}</c>, or <c>{% generation %}</c> where the call is null.</summary>
internal sealed class CallBlockStatement(CallExpression? call, Signature signature, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public CallExpression? Call { get; } = call;

    public Signature Signature { get; } = signature;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class FilterBlockStatement(FilterExpression filter, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public FilterExpression Filter { get; } = filter;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class WithStatement(
    IReadOnlyList<Expression> targets, IReadOnlyList<Expression> values, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public IReadOnlyList<Expression> Targets { get; } = targets;

    public IReadOnlyList<Expression> Values { get; } = values;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class SetStatement(Expression target, Expression value, int line) : Statement(line)
{
    public Expression Target { get; } = target;

    public Expression Value { get; } = value;
}

internal sealed class SetBlockStatement(Expression target, FilterExpression? filter, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public Expression Target { get; } = target;

    public FilterExpression? Filter { get; } = filter;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class BlockStatement(string name, bool scoped, bool required, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public string Name { get; } = name;

    public bool Scoped { get; } = scoped;

    public bool Required { get; } = required;

    public IReadOnlyList<Statement> Body { get; } = body;
}

internal sealed class AutoEscapeStatement(Expression value, IReadOnlyList<Statement> body, int line) : Statement(line)
{
    public Expression Value { get; } = value;

    public IReadOnlyList<Statement> Body { get; } = body;
}

/// <summary>extends, include, import, from: a chat template stands alone, so each fails when it runs.</summary>
internal sealed class LoadStatement(LoadKind kind, Expression template, IReadOnlyList<string> targets, int line, bool withContext = false) : Statement(line)
{
    public LoadKind Kind { get; } = kind;

    public Expression Template { get; } = template;

    /// <summary>Whether an include would see this template's variables.</summary>
    public bool WithContext { get; } = withContext;

    /// <summary>Names that the tag would assign.</summary>
    public IReadOnlyList<string> Targets { get; } = targets;
}

internal enum LoadKind
{
    Extends,
    Include,
    Import,
    FromImport,
}

internal sealed class BreakStatement(int line) : Statement(line);

internal sealed class ContinueStatement(int line) : Statement(line);
