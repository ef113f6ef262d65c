using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

internal delegate Value FilterBody(RenderContext context, Value?[] arguments);

internal delegate Value OpenFilterBody(RenderContext context, Value value, in Arguments arguments);

/// <summary>A filter by its name in templates.</summary>
internal sealed class FilterDefinition
{
    private readonly PythonSignature? signature;
    private readonly FilterBody? body;
    private readonly OpenFilterBody? open;

    private FilterDefinition(string name, string function, bool passesContext)
    {
        Name = name;
        FunctionName = function;
        PassesContext = passesContext;
    }

    private FilterDefinition(string name, PythonSignature signature, FilterBody body, bool passesContext)
        : this(name, signature.Name, passesContext)
    {
        this.signature = signature;
        this.body = body;
    }

    private FilterDefinition(string name, string function, OpenFilterBody open, bool passesContext)
        : this(name, function, passesContext) => this.open = open;

    public string Name { get; }

    /// <summary>Name of the Python function behind it, which messages show.</summary>
    public string FunctionName { get; }

    /// <summary>Whether the function sees the rendering's context; such a filter is never evaluated beforehand.</summary>
    public bool PassesContext { get; }

    /// <summary>A filter with a fixed list of parameters, the first of them the filtered value.</summary>
    public static FilterDefinition Of(string name, string declaration, FilterBody body, bool passesContext = false) =>
        new(name, new PythonSignature(declaration), body, passesContext);

    /// <summary>A filter that takes any arguments and checks them itself.</summary>
    public static FilterDefinition Open(string name, string function, OpenFilterBody body, bool passesContext = false) =>
        new(name, function, body, passesContext);

    /// <summary>A built-in function of one argument: <c>len</c>, <c>abs</c>.</summary>
    public static FilterDefinition Builtin(string name, string function, Func<RenderContext, Value, Value> body) =>
        new(name, function, (RenderContext context, Value value, in Arguments arguments) =>
        {
            if (arguments.Named.Length > 0)
            {
                throw PythonError.TypeError($"{function}() takes no keyword arguments");
            }

            return arguments.Count == 0
                ? body(context, value)
                : throw PythonError.TypeError($"{function}() takes exactly one argument ({arguments.Count + 1} given)");
        }, passesContext: false);

    public Value Invoke(RenderContext context, Value value, in Arguments arguments)
    {
        context.ChargeReading(value);
        return body is not null ? body(context, signature!.Bind(value, arguments)) : open!(context, value, arguments);
    }
}
