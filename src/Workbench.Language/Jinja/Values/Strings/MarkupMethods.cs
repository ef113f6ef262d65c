using System.Collections.Frozen;
using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// Markup's methods (markupsafe 3): functions of Python's own around those of <c>str</c>, so that a wrong number of arguments
/// is worded as Python words it, before <c>str</c> sees them. What is not here is inherited from <c>str</c>.
/// </summary>
internal static class MarkupMethods
{
    // As Python writes them: what stands before the slash cannot be given by name.
    private static readonly string[] Overrides =
    [
        "capitalize(self, /)", "title(self, /)", "lower(self, /)", "upper(self, /)", "swapcase(self, /)", "casefold(self, /)",
        "join(self, iterable, /)", "split(self, /, sep=None, maxsplit=-1)", "rsplit(self, /, sep=None, maxsplit=-1)",
        "splitlines(self, /, keepends=False)", "replace(self, old, new, count=-1, /)", "ljust(self, width, fillchar=' ', /)",
        "rjust(self, width, fillchar=' ', /)", "center(self, width, fillchar=' ', /)", "strip(self, chars=None, /)",
        "lstrip(self, chars=None, /)", "rstrip(self, chars=None, /)", "translate(self, table, /)", "expandtabs(self, /, tabsize=8)",
        "zfill(self, width, /)", "removeprefix(self, prefix, /)", "partition(self, sep, /)", "rpartition(self, sep, /)",
        "format_map(self, mapping, /)",
    ];

    public static readonly FrozenDictionary<string, Method> All = Overrides.Select(Override).Concat(
    [
        Own("unescape(self, /)", (_, self, _) => new StringValue(System.Net.WebUtility.HtmlDecode(((StringValue)self).Text))),
        Own("striptags(self, /)", (context, self, _) => MarkupText.StripTags(context, (StringValue)self)),
        Own("escape(cls, s, /)", (context, _, bound) => StringOperations.Escape(context, bound[1]!)),
    ]).ToFrozenDictionary(method => method.Name);

    private static Method Override(string declaration)
    {
        var inherited = StringMethods.All[declaration[..declaration.IndexOf('(')]];
        var bind = Binder(declaration);
        return new Method("Markup", inherited.Name, (RenderContext context, Value self, in Arguments arguments) =>
        {
            bind(self, arguments);
            return inherited.Invoke(context, self, arguments);
        });
    }

    private static Method Own(string declaration, Func<RenderContext, Value, Value?[], Value> body)
    {
        var bind = Binder(declaration);
        return new Method("Markup", declaration[..declaration.IndexOf('(')], (RenderContext context, Value self, in Arguments arguments) =>
            body(context, self, bind(self, arguments)));
    }

    private delegate Value?[] Bind(Value self, in Arguments arguments);

    private static Bind Binder(string declaration)
    {
        var parts = declaration[(declaration.IndexOf('(') + 1)..^1].Split(", ");
        var slash = Array.IndexOf(parts, "/");
        string[] positionalOnly = [.. parts.Take(slash).Select(part => part.Split('=')[0])];
        var name = "Markup." + declaration[..declaration.IndexOf('(')];
        var signature = new PythonSignature($"{name}({string.Join(", ", parts.Where(part => part != "/"))})");
        return (Value self, in Arguments arguments) =>
        {
            string[] refused = [.. arguments.Named.Select(argument => argument.Key).Where(positionalOnly.Contains)];
            return refused.Length == 0
                ? signature.Bind(self, arguments)
                : throw PythonError.TypeError(
                    $"{name}() got some positional-only arguments passed as keyword arguments: '{string.Join(", ", refused)}'");
        };
    }
}
