using Workbench.Language.Chat.Templates;
using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Parsing;

/// <summary>Expressions by recursive descent, one method a level of precedence, named as in jinja2/parser.py.</summary>
internal sealed class ExpressionParser(TokenStream stream, ParseLimits limits)
{
    private readonly PrimaryParser _primary = new(stream, limits);

    public Expression Expression(bool withConditional = true) => _primary.Expression(withConditional);

    public Expression Tuple(bool withConditional = true, string? endWord = null) =>
        _primary.Tuple(withConditional, endWord, explicitParentheses: false);

    public FilterExpression Filters(bool startInline) =>
        (FilterExpression)_primary.Postfixes.Filter(null, startInline)!;

    public Arguments Arguments() => _primary.Postfixes.CallArguments();

    /// <summary>Names, tuples of names and, in <c>set</c>, attributes of namespaces.</summary>
    public Expression Target(string? endWord = null, bool withNamespace = false)
    {
        var target = _primary.SimpleTuple(endWord, withNamespace);
        return CanAssign(target) ? target : throw CannotAssign(target);
    }

    public NameExpression TargetName()
    {
        var token = stream.Expect(TokenType.Name);
        var target = new NameExpression(token.Text, new Place(token.Line, token.Offset));
        return token.Text is "true" or "false" or "none" or "True" or "False" or "None" ? throw CannotAssign(target) : target;
    }

    private static bool CanAssign(Expression target) => target switch
    {
        NameExpression or NamespaceTarget => true,
        TupleExpression tuple => tuple.Items.All(CanAssign),
        _ => false,
    };

    private static TemplateException CannotAssign(Expression target) => new(
        "TemplateSyntaxError", $"can't assign to {PythonText.Repr(target.Kind)}", target.Place.Line);
}
