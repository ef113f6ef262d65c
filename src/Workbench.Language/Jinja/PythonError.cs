namespace Workbench.Language.Jinja;

/// <summary>An error as Python would raise it: its class name, its message and, once known, the template line.</summary>
internal sealed class PythonError(string type, string message, int? line = null) : Exception(message)
{
    public string Type { get; } = type;

    public int? Line { get; set; } = line;

    /// <summary>True where the line is final: parse errors carry their own, errors outside a template have none.</summary>
    public bool LineIsKnown { get; init; }

    public static PythonError TypeError(string message) => new("TypeError", message);

    public static PythonError ValueError(string message) => new("ValueError", message);

    public static PythonError ZeroDivision(string message) => new("ZeroDivisionError", message);

    public static PythonError Overflow(string message) => new("OverflowError", message);

    public static PythonError Index(string message) => new("IndexError", message);

    public static PythonError Attribute(string message) => new("AttributeError", message);

    public static PythonError Undefined(string message) => new("UndefinedError", message);

    public static PythonError Runtime(string message) => new("TemplateRuntimeError", message);

    public static PythonError FilterArgument(string message) => new("FilterArgumentError", message);

    /// <summary>Python unwinds too far for a line to be known.</summary>
    public static PythonError Recursion() => new("RecursionError", "maximum recursion depth exceeded") { LineIsKnown = true };

    /// <summary>A limit of this engine, not of Python; the message names the setting to raise.</summary>
    public static PythonError Limit(string message) => new("RenderLimitError", message);

    public static PythonError Syntax(string message, int line) => new("TemplateSyntaxError", message, line) { LineIsKnown = true };

    public static PythonError Assertion(string message, int line) =>
        new("TemplateAssertionError", message, line) { LineIsKnown = true };
}
