using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>Filters over the items of a sequence, or over a single value.</summary>
internal static class ItemFilters
{
    public static Value Length(RenderContext context, Value value) => value.Length is { } length
        ? IntValue.Of(length)
        : throw PythonError.TypeError($"object of type '{value.TypeName}' has no len()");

    public static Value Default(RenderContext context, Value?[] a) =>
        a[0] is UndefinedValue || (a[2]?.IsTrue == true && !a[0]!.IsTrue) ? a[1] ?? StringValue.Empty : a[0]!;

    public static Value Attr(RenderContext context, Value?[] a)
    {
        var owner = a[0]!;
        if (a[1] is not StringValue name)
        {
            _ = a[1]!.Hash();
            throw PythonError.TypeError("attribute name must be string, not '" + a[1]!.TypeName + "'");
        }

        return Access.HasAttribute(context, owner, name.Text)
            ? Access.Attribute(context, owner, name.Text)
            : UndefinedValue.Of(owner, name);
    }

    public static Value First(RenderContext context, Value?[] a)
    {
        var items = Sequences.Iterate(context, a[0]!);
        return items.MoveNext() ? items.Current : UndefinedValue.Hint("No first item, sequence was empty.");
    }

    public static Value Last(RenderContext context, Value?[] a)
    {
        var items = Reversible(context, a[0]!);
        return items.Length > 0 ? items[^1] : UndefinedValue.Hint("No last item, sequence was empty.");
    }

    public static Value Random(RenderContext context, Value?[] a)
    {
        var value = a[0]!;
        var length = value.Length ?? throw PythonError.TypeError($"object of type '{value.TypeName}' has no len()");
        if (length == 0)
        {
            return UndefinedValue.Hint("No random item, sequence was empty.");
        }

        var key = IntValue.Of(RenderContext.Random.Next(length));
        return value is DictValue dict
            ? dict.Get(key) ?? throw new PythonError("KeyError", key.Repr())
            : value.Item(context, key) ?? throw PythonError.TypeError($"'{value.TypeName}' object is not subscriptable");
    }

    public static Value List(RenderContext context, Value?[] a) => new ListValue(Sequences.ToList(context, a[0]!));

    public static Value Items(RenderContext context, Value?[] a) => new IteratorValue("generator", Pairs(a[0]!), "do_items");

    public static Value Reverse(RenderContext context, Value?[] a)
    {
        var value = a[0]!;
        if (value is StringValue text)
        {
            return StringOperations.Slice(context, text, new SliceValue(NoneValue.Instance, NoneValue.Instance, IntValue.Of(-1)));
        }

        if (IsReversible(value))
        {
            var typeName = value switch
            {
                ListValue => "list_reverseiterator",
                DictValue => "dict_reversekeyiterator",
                RangeValue => "range_iterator",
                _ => "reversed",
            };
            return new IteratorValue(typeName, Reversible(context, value).Reverse().GetEnumerator());
        }

        if (value.Iterate(context) is null)
        {
            throw PythonError.FilterArgument("argument must be iterable");
        }

        var items = (Value[])Sequences.ToList(context, value).Clone();
        Array.Reverse(items);
        return new ListValue(items);
    }

    public static Value Batch(RenderContext context, Value?[] a) =>
        new IteratorValue("generator", Batches(context, a[0]!, a[1]!, a[2]), "do_batch");

    public static Value Slice(RenderContext context, Value?[] a) =>
        new IteratorValue("generator", Slices(context, a[0]!, a[1]!, a[2]), "sync_do_slice");

    private static IEnumerator<Value> Pairs(Value value)
    {
        if (value is UndefinedValue)
        {
            yield break;
        }

        var dict = value as DictValue ?? throw PythonError.TypeError("Can only get item pairs from a mapping.");
        for (var index = 0; index < dict.Count; index++)
        {
            var (key, item) = dict.EntryAt(index);
            yield return new TupleValue([key, item]);
        }
    }

    // An undefined value has a length and a subscript, which is all that reversed() asks for.
    private static bool IsReversible(Value value) => value is SequenceValue or DictValue or DictViewValue or RangeValue or UndefinedValue;

    private static Value[] Reversible(RenderContext context, Value value) => value switch
    {
        _ when IsReversible(value) || value is StringValue => Sequences.ToList(context, value),
        _ => throw PythonError.TypeError($"'{value.TypeName}' object is not reversible"),
    };

    private static IEnumerator<Value> Batches(RenderContext context, Value value, Value size, Value? fill)
    {
        var batch = new List<Value>();
        var items = Sequences.Iterate(context, value);
        while (items.MoveNext())
        {
            context.Charge(1);
            if (size.EqualTo(IntValue.Of(batch.Count)))
            {
                yield return new ListValue([.. batch]);
                batch.Clear();
            }

            batch.Add(items.Current);
        }

        if (batch.Count == 0)
        {
            yield break;
        }

        if (fill is not null and not NoneValue && Comparison.Less(IntValue.Of(batch.Count), size))
        {
            var missing = Values.Convert.Index(size) - batch.Count;
            context.Charge(missing);
            batch.AddRange(Enumerable.Repeat(fill, (int)missing));
        }

        yield return new ListValue([.. batch]);
    }

    private static IEnumerator<Value> Slices(RenderContext context, Value value, Value slices, Value? fill)
    {
        var items = Sequences.ToList(context, value);
        _ = Operators.FloorDivide(context, IntValue.Of(items.Length), slices);
        var count = Values.Convert.Index(slices);
        var size = (int)(items.Length / count);
        var larger = items.Length % count;
        var start = 0;
        for (var number = 0L; number < count; number++)
        {
            context.Charge(1);
            var length = size + (number < larger ? 1 : 0);
            var part = items.Skip(start).Take(length).ToList();
            start += length;
            if (fill is not null and not NoneValue && number >= larger)
            {
                part.Add(fill);
            }

            yield return new ListValue([.. part]);
        }
    }
}
