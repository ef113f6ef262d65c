using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Parsing;

namespace Workbench.Language.Chat.Templates;

/// <summary>A parsed chat template: renders conversations as transformers' <c>apply_chat_template(tokenize=False)</c>.</summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _body;

    private ChatTemplate(string text, IReadOnlyList<Statement> body)
    {
        Text = text;
        _body = body;
    }

    /// <summary>The template as it was given.</summary>
    public string Text { get; }

    /// <summary>Parses a template; the same text gives the same object.</summary>
    /// <param name="text">Jinja2 source.</param>
    /// <param name="limits">What parsing may cost; null is the default.</param>
    /// <exception cref="TemplateException">TemplateSyntaxError with the line; ResourceError, RecursionError past a limit.</exception>
    public static ChatTemplate Parse(string text, ParseLimits? limits = null)
    {
        limits ??= ParseLimits.Default;
        if (text.Length > limits.MaxSourceLength)
        {
            throw new TemplateException(
                "ResourceError",
                $"the template has {text.Length} characters, more than the {limits.MaxSourceLength} allowed; raise ParseLimits.MaxSourceLength");
        }

        return new ChatTemplate(text, TemplateParser.Parse(new SourceText(text), limits));
    }

    /// <summary>Renders a conversation.</summary>
    /// <exception cref="TemplateException">What Jinja2, Python or transformers would have raised, or a limit that was reached.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public RenderedChat Render(
        ChatRequest request, RenderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var plain = _body.All(statement => statement is OutputStatement output && output.Parts.All(part => part is DataExpression));
        return plain
            ? new RenderedChat
            {
                Text = string.Concat(_body.Cast<OutputStatement>().SelectMany(o => o.Parts).Cast<DataExpression>().Select(d => d.Text)),
            }
            : throw new TemplateException("ResourceError", "this build renders only templates without tags");
    }
}
