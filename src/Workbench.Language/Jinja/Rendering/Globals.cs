using System.Collections.Frozen;
using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>The functions every template can call: Jinja2's, and the two that transformers adds.</summary>
internal static class Globals
{
    public static readonly FrozenDictionary<string, Value> All = new (string Name, Value Value)[]
    {
        ("range", new FunctionValue("safe_range", Range)),
        ("dict", new FunctionValue("dict", (RenderContext context, in Arguments arguments) => MakeDict(context, arguments), "type")),
        ("lipsum", new FunctionValue("generate_lorem_ipsum", LoremIpsum.Generate)),
        ("cycler", new FunctionValue("jinja2.utils.Cycler", (RenderContext _, in Arguments arguments) => CyclerValue.Create(arguments), "type")),
        ("joiner", new FunctionValue("jinja2.utils.Joiner", (RenderContext _, in Arguments arguments) => JoinerValue.Create(arguments), "type")),
        ("namespace", new FunctionValue("jinja2.utils.Namespace", (RenderContext context, in Arguments arguments) => new NamespaceValue(MakeDict(context, arguments)), "type")),
        ("raise_exception", new FunctionValue("_raise_exception", RaiseException)),
        ("strftime_now", new FunctionValue("_strftime_now", StrftimeNow)),
    }.ToFrozenDictionary(entry => entry.Name, entry => entry.Value);

    private static readonly PythonSignature RaiseSignature = new("_raise_exception(message)");
    private static readonly PythonSignature StrftimeSignature = new("_strftime_now(format)");

    /// <summary>Binds a function's single parameter.</summary>
    public static Value Single(PythonSignature signature, in Arguments arguments) => arguments.Count > 0
        ? signature.Bind(arguments[0], new Arguments(arguments.Positional[1..], arguments.Named))[0]!
        : arguments.Named.Length == 1 && arguments.Named[0].Key is "message" or "format" or "sep"
            ? arguments.Named[0].Value
            : throw PythonError.TypeError($"{signature.Name}() missing 1 required positional argument: '{(signature.Name == "_raise_exception" ? "message" : "format")}'");

    private static RangeValue Range(RenderContext context, in Arguments arguments)
    {
        if (arguments.Named.Length > 0)
        {
            throw PythonError.TypeError($"safe_range() got an unexpected keyword argument '{arguments.Named[0].Key}'");
        }

        MethodTable.CheckCount("range", arguments.Count, 1, 3);
        var numbers = Array.ConvertAll(arguments.Positional, Values.Convert.Index);
        var (start, stop, step) = numbers.Length switch
        {
            1 => (0L, numbers[0], 1L),
            2 => (numbers[0], numbers[1], 1L),
            _ => (numbers[0], numbers[1], numbers[2]),
        };
        if (step == 0)
        {
            throw PythonError.ValueError("range() arg 3 must not be zero");
        }

        var distance = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var count = distance <= 0 ? 0 : (distance - 1) / (step > 0 ? step : -(Int128)step) + 1;
        if (count > context.MaxRange)
        {
            throw PythonError.Overflow($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({context.MaxRange}).");
        }

        return new RangeValue(start, stop, step, (int)count);
    }

    private static DictValue MakeDict(RenderContext context, in Arguments arguments)
    {
        MethodTable.CheckCount("dict", arguments.Count, 0, 1);
        var dict = new DictValue();
        switch (arguments.At(0))
        {
            case null:
                break;
            case DictValue source:
                dict = source.Copy();
                break;
            case UndefinedValue undefined: // dict() asks for its keys, an attribute
                throw undefined.Fail();
            case var pairs:
                AddPairs(context, dict, pairs);
                break;
        }

        foreach (var (name, value) in arguments.Named)
        {
            dict.Set(new StringValue(name), value);
        }

        return dict;
    }

    private static void AddPairs(RenderContext context, DictValue dict, Value pairs)
    {
        var index = 0;
        foreach (var pair in Sequences.ToList(context, pairs))
        {
            if (pair.Iterate(context) is null)
            {
                throw PythonError.TypeError($"cannot convert dictionary update sequence element #{index} to a sequence");
            }

            var items = Sequences.ToList(context, pair);
            if (items.Length != 2)
            {
                throw PythonError.ValueError($"dictionary update sequence element #{index} has length {items.Length}; 2 is required");
            }

            dict.Set(items[0], items[1]);
            index++;
        }
    }

    private static Value RaiseException(RenderContext context, in Arguments arguments)
    {
        var message = Single(RaiseSignature, arguments);
        throw new PythonError("TemplateError", message is NoneValue ? "None" : message.ToStr(context).Text);
    }

    private static StringValue StrftimeNow(RenderContext context, in Arguments arguments)
    {
        var format = Single(StrftimeSignature, arguments);
        return format is StringValue text
            ? new StringValue(TimeFormat.Format(context.Now, text.Text))
            : throw PythonError.TypeError($"strftime() argument 1 must be str, not {Values.Convert.Named(format)}");
    }
}
