using System.Collections.Frozen;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// Builds the method list of a built-in type. The verbs follow the ways in which CPython declares a method, because each
/// words a wrong number of arguments differently.
/// </summary>
internal sealed class MethodTable(string owner)
{
    private readonly Dictionary<string, Method> methods = [];

    /// <summary>METH_NOARGS.</summary>
    public MethodTable NoArguments(string name, Func<RenderContext, Value, Value> body)
    {
        return Add(name, (RenderContext context, Value self, in Arguments arguments) =>
        {
            RefuseNames(self, name, arguments);
            return arguments.Count == 0
                ? body(context, self)
                : throw PythonError.TypeError($"{Owner(self, name)}.{name}() takes no arguments ({arguments.Count} given)");
        });
    }

    /// <summary>METH_O.</summary>
    public MethodTable One(string name, Func<RenderContext, Value, Value, Value> body)
    {
        return Add(name, (RenderContext context, Value self, in Arguments arguments) =>
        {
            RefuseNames(self, name, arguments);
            return arguments.Count == 1
                ? body(context, self, arguments[0])
                : throw PythonError.TypeError($"{owner}.{name}() takes exactly one argument ({arguments.Count} given)");
        });
    }

    /// <summary>METH_FASTCALL with positional-only arguments.</summary>
    public MethodTable Positional(string name, int least, int most, MethodBody body)
    {
        return Add(name, (RenderContext context, Value self, in Arguments arguments) =>
        {
            RefuseNames(self, name, arguments);
            CheckCount(name, arguments.Count, least, most);
            return body(context, self, arguments);
        });
    }

    /// <summary>METH_VARARGS parsed by format string.</summary>
    public MethodTable Parsed(string name, int least, int most, MethodBody body)
    {
        return Add(name, (RenderContext context, Value self, in Arguments arguments) =>
        {
            if (arguments.Named.Length > 0)
            {
                throw PythonError.TypeError($"{name}() takes no keyword arguments");
            }

            if (arguments.Count < least || arguments.Count > most)
            {
                var bound = arguments.Count < least ? least : most;
                throw PythonError.TypeError($"{name}() takes at {(arguments.Count < least ? "least" : "most")} {bound} "
                    + $"argument{(bound == 1 ? "" : "s")} ({arguments.Count} given)");
            }

            return body(context, self, arguments);
        });
    }

    /// <summary>Arguments that may be given by name; a missing one arrives as null.</summary>
    public MethodTable Named(string name, string[] parameters, Func<RenderContext, Value, Value?[], Value> body)
    {
        return Add(name, (RenderContext context, Value self, in Arguments arguments) =>
        {
            var given = arguments.Count + arguments.Named.Length;
            if (given > parameters.Length)
            {
                throw PythonError.TypeError($"{name}() takes at most {parameters.Length} "
                    + $"{(arguments.Count == 0 ? "keyword " : "")}argument{(parameters.Length == 1 ? "" : "s")} ({given} given)");
            }

            var bound = new Value?[parameters.Length];
            arguments.Positional.CopyTo(bound, 0);
            foreach (var (key, value) in arguments.Named)
            {
                var index = Array.IndexOf(parameters, key);
                if (index < 0)
                {
                    throw PythonError.TypeError($"'{key}' is an invalid keyword argument for {name}()");
                }

                if (bound[index] is not null)
                {
                    throw PythonError.TypeError($"argument for {name}() given by name ('{key}') and position ({index + 1})");
                }

                bound[index] = value;
            }

            return body(context, self, bound);
        });
    }

    /// <summary>A method that checks its arguments itself.</summary>
    public MethodTable Add(string name, MethodBody body)
    {
        methods.Add(name, new Method(owner, name, body));
        return this;
    }

    public FrozenDictionary<string, Method> Build() => methods.ToFrozenDictionary();

    public static void CheckCount(string name, int given, int least, int most)
    {
        if (given >= least && given <= most)
        {
            return;
        }

        var bound = given < least ? least : most;
        var quantity = least == most ? "" : given < least ? "at least " : "at most ";
        throw PythonError.TypeError($"{name} expected {quantity}{bound} argument{(bound == 1 ? "" : "s")}, got {given}");
    }

    private void RefuseNames(Value self, string name, in Arguments arguments)
    {
        if (arguments.Named.Length > 0)
        {
            throw PythonError.TypeError($"{Owner(self, name)}.{name}() takes no keyword arguments");
        }
    }

    /// <summary>Python names the type of the receiver, where a Markup inherits the method; one that it overrides calls that of str.</summary>
    private string Owner(Value self, string name) =>
        self is StringValue { IsMarkup: true } && name.StartsWith("is", StringComparison.Ordinal) ? self.TypeName : owner;
}
