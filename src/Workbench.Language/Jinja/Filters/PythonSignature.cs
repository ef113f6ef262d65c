using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>
/// The parameters of one of Jinja2's Python functions, written as in Python: <c>do_indent(s, width=4, first=False)</c>.
/// It binds arguments to them and words the TypeError where they do not fit. A parameter before the bar is one that
/// Jinja2 passes itself; it only counts in the message.
/// </summary>
internal sealed class PythonSignature
{
    private readonly string[] parameters;
    private readonly int required;
    private readonly int hidden;

    public PythonSignature(string declaration)
    {
        var open = declaration.IndexOf('(');
        Name = declaration[..open];
        var parts = declaration[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        hidden = parts.Count(part => part == "|");
        parts = [.. parts.Where(part => part != "|")];
        parameters = [.. parts.Select(part => part.Split('=')[0])];
        required = parts.Count(part => !part.Contains('='));
    }

    public string Name { get; }

    /// <summary>Values in the order of the parameters; null for an optional one that was not given.</summary>
    public Value?[] Bind(Value first, in Arguments arguments)
    {
        var bound = new Value?[parameters.Length];
        var given = arguments.Count + 1;
        bound[0] = first;
        Array.Copy(arguments.Positional, 0, bound, 1, Math.Min(arguments.Count, parameters.Length - 1));
        foreach (var (name, value) in arguments.Named)
        {
            var index = Array.IndexOf(parameters, name);
            if (index < 0)
            {
                throw PythonError.TypeError($"{Name}() got an unexpected keyword argument '{name}'");
            }

            if (index < given)
            {
                throw PythonError.TypeError($"{Name}() got multiple values for argument '{name}'");
            }

            bound[index] = value;
        }

        if (given > parameters.Length)
        {
            var most = parameters.Length + hidden;
            var least = required + hidden;
            var range = least == most ? $"{most}" : $"from {least} to {most}";
            throw PythonError.TypeError(
                $"{Name}() takes {range} positional argument{(most == 1 ? "" : "s")} but {given + hidden} were given");
        }

        CheckRequired(bound);
        return bound;
    }

    private void CheckRequired(Value?[] bound)
    {
        var missing = parameters.Take(required).Where((_, index) => bound[index] is null).Select(name => $"'{name}'").ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var list = missing.Count switch
        {
            1 => missing[0],
            2 => $"{missing[0]} and {missing[1]}",
            _ => string.Join(", ", missing.Take(missing.Count - 1)) + $", and {missing[^1]}",
        };
        throw PythonError.TypeError(
            $"{Name}() missing {missing.Count} required positional argument{(missing.Count == 1 ? "" : "s")}: {list}");
    }
}
