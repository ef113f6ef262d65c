namespace Workbench.Language.Chat.Templates;

/// <summary>A template that cannot be parsed or rendered: Python's error class, message and line, as transformers reports them.</summary>
public class TemplateException : Exception
{
    /// <param name="type">Python's class name: <c>TemplateSyntaxError</c>, <c>UndefinedError</c>, <c>TypeError</c> …</param>
    /// <param name="message">The message, word for word as Jinja2 or Python gives it where they give one.</param>
    /// <param name="line">One-based line of the template, null where no line is to blame.</param>
    /// <param name="inner">The failure underneath, where there is one.</param>
    public TemplateException(string type, string message, int? line = null, Exception? inner = null) : base(message, inner)
    {
        Type = type;
        Line = line;
    }

    /// <summary>The class Python would have raised.</summary>
    public string Type { get; }

    /// <summary>One-based line of the template; null where the failure lies outside of it.</summary>
    public int? Line { get; }
}
