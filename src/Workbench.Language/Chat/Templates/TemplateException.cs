namespace Workbench.Language.Chat.Templates;

/// <summary>
/// A template that could not be read or rendered. <see cref="Type"/> is the name of the class that Python's Jinja2 would
/// have raised (<c>TemplateSyntaxError</c>, <c>UndefinedError</c>, <c>TypeError</c> …), or <c>RenderLimitError</c> where one
/// of this engine's own limits stopped the work.
/// </summary>
public sealed class TemplateException(string type, string message, int? line = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Python's class name of the error, without its module.</summary>
    public string Type { get; } = type;

    /// <summary>Line of the template that the error belongs to, 1-based; null where Python knows none either.</summary>
    public int? Line { get; } = line;
}
