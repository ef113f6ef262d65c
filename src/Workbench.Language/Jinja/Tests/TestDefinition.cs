using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Tests;

/// <summary>A test by its name in templates: <c>value is name(arguments)</c>.</summary>
internal sealed class TestDefinition
{
    private readonly PythonSignature? signature;
    private readonly Func<RenderContext, Value?[], bool> body;
    private readonly int builtinArguments;
    private Func<Value, bool>? predicate;

    private TestDefinition(string name, string function, PythonSignature? signature, int builtinArguments, Func<RenderContext, Value?[], bool> body)
    {
        Name = name;
        FunctionName = function;
        this.signature = signature;
        this.builtinArguments = builtinArguments;
        this.body = body;
    }

    public string Name { get; }

    public string FunctionName { get; }

    /// <summary>A test of the value alone, which needs no list of arguments.</summary>
    public static TestDefinition OfValue(string name, string declaration, Func<Value, bool> predicate)
    {
        var signature = new PythonSignature(declaration);
        return new TestDefinition(name, signature.Name, signature, 0, (_, a) => predicate(a[0]!)) { predicate = predicate };
    }

    public static TestDefinition Of(string name, string declaration, Func<RenderContext, Value?[], bool> body)
    {
        var signature = new PythonSignature(declaration);
        return new TestDefinition(name, signature.Name, signature, 0, body);
    }

    /// <summary>One of Python's operators as a function of two arguments.</summary>
    public static TestDefinition Operator(string name, string function, ComparisonOperator operation) =>
        new(name, function, null, 2, (context, a) => Comparison.Evaluate(context, operation, a[0]!, a[1]!));

    public static TestDefinition Callable() => new("callable", "callable", null, 1, (_, a) => a[0]!.IsCallable);

    public bool Invoke(RenderContext context, Value value, in Arguments arguments)
    {
        if (predicate is not null && arguments.Count == 0 && arguments.Named.Length == 0)
        {
            return predicate(value);
        }

        context.ChargeReading(value);
        if (signature is not null)
        {
            return body(context, signature.Bind(value, arguments));
        }

        if (arguments.Named.Length > 0)
        {
            throw PythonError.TypeError($"{(builtinArguments == 2 ? "_operator." : "")}{FunctionName}() takes no keyword arguments");
        }

        if (arguments.Count + 1 != builtinArguments)
        {
            throw builtinArguments == 1
                ? PythonError.TypeError($"{FunctionName}() takes exactly one argument ({arguments.Count + 1} given)")
                : PythonError.TypeError($"{FunctionName} expected 2 arguments, got {arguments.Count + 1}");
        }

        return body(context, [value, .. arguments.Positional]);
    }
}
