using System.Collections.Frozen;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>Methods of dict and its views; those that would change a dict are known only to be refused.</summary>
internal static class DictMethods
{
    public static readonly FrozenDictionary<string, Method> All = new MethodTable("dict")
        .Positional("get", 1, 2, (RenderContext _, Value self, in Arguments a) =>
            ((DictValue)self).Get(a[0]) ?? a.At(1) ?? NoneValue.Instance)
        .NoArguments("keys", (_, self) => new DictViewValue((DictValue)self, DictViewKind.Keys))
        .NoArguments("values", (_, self) => new DictViewValue((DictValue)self, DictViewKind.Values))
        .NoArguments("items", (_, self) => new DictViewValue((DictValue)self, DictViewKind.Items))
        .NoArguments("copy", (_, self) => ((DictValue)self).Copy())
        .Positional("fromkeys", 1, 2, FromKeys)
        .Build();

    /// <summary>Names that the immutable sandbox refuses on a mapping.</summary>
    public static readonly FrozenSet<string> Mutating = new[] { "clear", "pop", "popitem", "setdefault", "update" }.ToFrozenSet();

    public static Value? Find(DictValue self, string name) =>
        All.TryGetValue(name, out var method) ? new BoundMethodValue(self, method) : null;

    public static Value? FindOfView(DictViewValue self, string name) => name switch
    {
        "mapping" => self.Dict,
        "isdisjoint" when self.Kind != DictViewKind.Values => new BoundMethodValue(self, IsDisjoint),
        _ => null,
    };

    private static readonly Method IsDisjoint = new("dict_keys", "isdisjoint", (RenderContext context, Value self, in Arguments arguments) =>
    {
        MethodTable.CheckCount("isdisjoint", arguments.Count, 1, 1);
        foreach (var item in Sequences.ToList(context, arguments[0]))
        {
            if (Comparison.Contains(context, self, item))
            {
                return BoolValue.False;
            }
        }

        return BoolValue.True;
    });

    private static Value FromKeys(RenderContext context, Value self, in Arguments arguments)
    {
        var dict = new DictValue();
        foreach (var key in Sequences.ToList(context, arguments[0]))
        {
            dict.Set(key, arguments.At(1) ?? NoneValue.Instance);
        }

        return dict;
    }
}

/// <summary>Methods of list, tuple and range.</summary>
internal static class SequenceMethods
{
    public static readonly FrozenDictionary<string, Method> OfList = new MethodTable("list")
        .One("count", (context, self, item) => Count(context, self, item))
        .Positional("index", 1, 3, Index)
        .NoArguments("copy", (_, self) => ((SequenceValue)self).With(((SequenceValue)self).Items))
        .Build();

    public static readonly FrozenDictionary<string, Method> OfTuple = new MethodTable("tuple")
        .One("count", (context, self, item) => Count(context, self, item))
        .Positional("index", 1, 3, Index)
        .Build();

    private static readonly FrozenDictionary<string, Method> OfRange = new MethodTable("range")
        .One("count", (context, self, item) => Count(context, self, item))
        .One("index", (context, self, item) => Index(context, self, new Arguments([item])))
        .Build();

    /// <summary>Names that the immutable sandbox refuses on a sequence.</summary>
    public static readonly FrozenSet<string> Mutating =
        new[] { "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove" }.ToFrozenSet();

    public static Value? Find(SequenceValue self, string name) =>
        (self is ListValue ? OfList : OfTuple).TryGetValue(name, out var method) ? new BoundMethodValue(self, method) : null;

    public static Value? FindOfRange(RangeValue self, string name) =>
        OfRange.TryGetValue(name, out var method) ? new BoundMethodValue(self, method) : null;

    private static IntValue Count(RenderContext context, Value self, Value item) =>
        IntValue.Of(Sequences.ToList(context, self).Count(candidate => Comparison.Same(candidate, item)));

    private static Value Index(RenderContext context, Value self, in Arguments arguments)
    {
        var items = Sequences.ToList(context, self);
        var (start, end) = Convert.Window(Convert.RequiredBound(arguments.At(1)), Convert.RequiredBound(arguments.At(2)), items.Length);
        for (var index = start; index < end; index++)
        {
            if (Comparison.Same(items[index], arguments[0]))
            {
                return IntValue.Of(index);
            }
        }

        throw PythonError.ValueError(self switch
        {
            ListValue => $"{arguments[0].Repr()} is not in list",
            RangeValue => $"{arguments[0].Repr()} is not in range",
            _ => "tuple.index(x): x not in tuple",
        });
    }
}

/// <summary>Reading any iterable to its end, within the rendering's budget.</summary>
internal static class Sequences
{
    /// <summary><c>list(value)</c>; TypeError where it is not iterable.</summary>
    public static Value[] ToList(RenderContext context, Value value)
    {
        if (value is SequenceValue sequence)
        {
            context.Charge(sequence.Items.Length);
            return sequence.Items;
        }

        var iterator = Iterate(context, value);
        var items = new List<Value>();
        while (iterator.MoveNext())
        {
            context.Charge(1);
            items.Add(iterator.Current);
        }

        return [.. items];
    }

    public static IEnumerator<Value> Iterate(RenderContext context, Value value) =>
        value.Iterate(context) ?? throw PythonError.TypeError($"'{value.TypeName}' object is not iterable");
}
