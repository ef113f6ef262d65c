using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Tests;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary><c>map</c>, <c>select</c>, <c>reject</c> and their <c>attr</c> forms: lazy, as generators are.</summary>
internal static class SelectionFilters
{
    public static Value Map(RenderContext context, Value value, in Arguments arguments) =>
        new IteratorValue("generator", Mapped(context, value, arguments), "sync_do_map");

    public static Value Select(RenderContext context, Value value, in Arguments arguments, bool attribute, bool keep) =>
        new IteratorValue("generator", Selected(context, value, arguments, attribute, keep), "select_or_reject");

    private static IEnumerator<Value> Mapped(RenderContext context, Value value, Arguments arguments)
    {
        if (!value.IsTrue)
        {
            yield break;
        }

        var map = PrepareMap(context, arguments);
        var items = Sequences.Iterate(context, value);
        while (items.MoveNext())
        {
            context.Charge(1);
            yield return map(items.Current);
        }
    }

    private static Func<Value, Value> PrepareMap(RenderContext context, Arguments arguments)
    {
        if (arguments.Count == 0 && Array.Exists(arguments.Named, pair => pair.Key == "attribute"))
        {
            var attribute = AttributePath.Parse(Array.Find(arguments.Named, pair => pair.Key == "attribute").Value);
            var fallback = Array.Find(arguments.Named, pair => pair.Key == "default").Value;
            foreach (var (name, _) in arguments.Named)
            {
                if (name is not ("attribute" or "default"))
                {
                    throw PythonError.FilterArgument($"Unexpected keyword argument {new StringValue(name).Repr()}");
                }
            }

            return item => attribute.Read(context, item, fallback);
        }

        if (arguments.Count == 0)
        {
            throw PythonError.FilterArgument("map requires a filter argument");
        }

        var filterName = arguments[0];
        var rest = new Arguments(arguments.Positional[1..], arguments.Named);
        return item => (filterName as StringValue is { } text && FilterRegistry.Find(text.Text) is { } filter)
            ? filter.Invoke(context, item, rest)
            : throw Unknown("filter", filterName);
    }

    private static IEnumerator<Value> Selected(RenderContext context, Value value, Arguments arguments, bool attribute, bool keep)
    {
        if (!value.IsTrue)
        {
            yield break;
        }

        var test = PrepareTest(context, arguments, attribute);
        var items = Sequences.Iterate(context, value);
        while (items.MoveNext())
        {
            context.Charge(1);
            if (test(items.Current) == keep)
            {
                yield return items.Current;
            }
        }
    }

    private static Func<Value, bool> PrepareTest(RenderContext context, Arguments arguments, bool attribute)
    {
        Func<Value, Value> read = item => item;
        var offset = 0;
        if (attribute)
        {
            var path = AttributePath.Parse(arguments.At(0) ?? throw PythonError.FilterArgument("Missing parameter for attribute name"));
            read = item => path.Read(context, item);
            offset = 1;
        }

        if (arguments.Count <= offset)
        {
            return item => read(item).IsTrue;
        }

        var name = arguments[offset];
        var rest = new Arguments(arguments.Positional[(offset + 1)..], arguments.Named);
        return item =>
        {
            var operand = read(item);
            return name as StringValue is { } text && TestRegistry.Find(text.Text) is { } test
                ? test.Invoke(context, operand, rest)
                : throw Unknown("test", name);
        };
    }

    private static PythonError Unknown(string kind, Value name)
    {
        // The name is looked up in a dict first.
        _ = name.Hash();
        var message = $"No {kind} named {name.Repr()}.";
        return PythonError.Runtime(name is UndefinedValue undefined
            ? $"{message} ({undefined.Message}; did you forget to quote the callable name?)"
            : message);
    }
}
