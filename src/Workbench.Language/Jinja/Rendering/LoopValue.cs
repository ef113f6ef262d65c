using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

internal enum LoopAttribute
{
    None,
    Index,
    Index0,
    RevIndex,
    RevIndex0,
    First,
    Last,
    Length,
    PrevItem,
    NextItem,
    Depth,
    Depth0,
}

/// <summary>The <c>loop</c> variable. It reads ahead only when asked to, as iterating a generator has effects.</summary>
internal sealed class LoopValue : Value
{
    private static readonly Method Cycle = new("loop", "cycle", static (RenderContext _, Value self, in Arguments arguments) =>
        arguments.Count == 0
            ? throw PythonError.TypeError("no items for cycling given")
            : arguments[((LoopValue)self).index0 % arguments.Count]);

    private static readonly Method Changed = new("loop", "changed", static (RenderContext _, Value self, in Arguments arguments) =>
        ((LoopValue)self).HasChanged(arguments.Positional));

    private readonly Value[]? items;
    private readonly Func<RenderContext, Value, int, StringValue>? recurse;
    private readonly int depth0;
    private IEnumerator<Value>? source;
    private List<Value>? pending;
    private int index0 = -1;
    private int? length;
    private Value? previous;
    private Value? current;
    private Value[]? lastChanged;

    public LoopValue(RenderContext context, Value iterable, Func<RenderContext, Value, int, StringValue>? recurse, int depth0)
    {
        this.recurse = recurse;
        this.depth0 = depth0;
        items = ItemsOf(iterable);
        if (items is null)
        {
            source = Sequences.Iterate(context, iterable);
            length = iterable.Length;
        }
    }

    public override string TypeName => "LoopContext";

    public override string Description => "jinja2.runtime.LoopContext object";

    public override int? Length => CountItems();

    public override bool IsTrue => CountItems() > 0;

    public override bool IsCallable => true;

    public static LoopAttribute AttributeOf(string name) => name switch
    {
        "index" => LoopAttribute.Index,
        "index0" => LoopAttribute.Index0,
        "revindex" => LoopAttribute.RevIndex,
        "revindex0" => LoopAttribute.RevIndex0,
        "first" => LoopAttribute.First,
        "last" => LoopAttribute.Last,
        "length" => LoopAttribute.Length,
        "previtem" => LoopAttribute.PrevItem,
        "nextitem" => LoopAttribute.NextItem,
        "depth" => LoopAttribute.Depth,
        "depth0" => LoopAttribute.Depth0,
        _ => LoopAttribute.None,
    };

    /// <summary>The items of a value that has them all at hand; null for iterators.</summary>
    public static Value[]? ItemsOf(Value value)
    {
        switch (value)
        {
            case SequenceValue sequence:
                return sequence.Items;
            case DictValue dict:
                var keys = new Value[dict.Count];
                for (var index = 0; index < keys.Length; index++)
                {
                    keys[index] = dict.EntryAt(index).Key;
                }

                return keys;
            case DictViewValue view:
                var entries = new Value[view.Dict.Count];
                for (var index = 0; index < entries.Length; index++)
                {
                    entries[index] = view.At(index);
                }

                return entries;
            default:
                return null;
        }
    }

    /// <summary>Steps to the next item; null at the end.</summary>
    public Value? Next()
    {
        Value? next;
        if (items is not null)
        {
            next = index0 + 1 < items.Length ? items[index0 + 1] : null;
        }
        else if (pending is { Count: > 0 })
        {
            next = pending[0];
            pending.RemoveAt(0);
        }
        else
        {
            next = Pull();
        }

        if (next is null)
        {
            return null;
        }

        index0++;
        previous = current;
        current = next;
        return next;
    }

    public Value Read(LoopAttribute attribute) => attribute switch
    {
        LoopAttribute.Index => IntValue.Of(index0 + 1),
        LoopAttribute.Index0 => IntValue.Of(index0),
        LoopAttribute.RevIndex => IntValue.Of(CountItems() - index0),
        LoopAttribute.RevIndex0 => IntValue.Of(CountItems() - index0 - 1),
        LoopAttribute.First => BoolValue.Of(index0 == 0),
        LoopAttribute.Last => BoolValue.Of(Peek() is null),
        LoopAttribute.Length => IntValue.Of(CountItems()),
        LoopAttribute.PrevItem => index0 == 0 ? UndefinedValue.Hint("there is no previous item") : previous!,
        LoopAttribute.NextItem => Peek() ?? UndefinedValue.Hint("there is no next item"),
        LoopAttribute.Depth => IntValue.Of(depth0 + 1),
        _ => IntValue.Of(depth0),
    };

    public override void WriteRepr(TextBuilder text) => text.Append($"<LoopContext {index0 + 1}/{CountItems()}>");

    public override Value? Attribute(RenderContext context, string name) => name switch
    {
        "cycle" => new BoundMethodValue(this, Cycle),
        "changed" => new BoundMethodValue(this, Changed),
        _ => AttributeOf(name) is var attribute and not LoopAttribute.None ? Read(attribute) : null,
    };

    /// <summary>Python iterates the loop itself: each step gives the item and the loop, and is gone for the body.</summary>
    public override IEnumerator<Value> Iterate(RenderContext context)
    {
        while (Next() is { } item)
        {
            yield return new TupleValue([item, this]);
        }
    }

    public override Value Call(RenderContext context, in Arguments arguments)
    {
        if (arguments.Count != 1 || arguments.Named.Length > 0)
        {
            throw PythonError.TypeError(arguments.Count == 0
                ? "LoopContext.__call__() missing 1 required positional argument: 'iterable'"
                : $"LoopContext.__call__() takes 2 positional arguments but {arguments.Count + 1} were given");
        }

        return recurse is null
            ? throw PythonError.TypeError("The loop must have the 'recursive' marker to be called recursively.")
            : recurse(context, arguments[0], depth0 + 1);
    }

    private Value? Peek()
    {
        if (items is not null)
        {
            return index0 + 1 < items.Length ? items[index0 + 1] : null;
        }

        if (pending is not { Count: > 0 } && Pull() is { } next)
        {
            (pending ??= []).Add(next);
        }

        return pending is { Count: > 0 } ? pending[0] : null;
    }

    private Value? Pull()
    {
        if (source is null)
        {
            return null;
        }

        if (source.MoveNext())
        {
            return source.Current;
        }

        source = null;
        return null;
    }

    private int CountItems()
    {
        if (items is not null)
        {
            return items.Length;
        }

        if (length is null)
        {
            pending ??= [];
            while (Pull() is { } next)
            {
                pending.Add(next);
            }

            length = pending.Count + index0 + 1;
        }

        return length.Value;
    }

    private BoolValue HasChanged(Value[] values)
    {
        var same = lastChanged is not null && lastChanged.Length == values.Length;
        for (var index = 0; same && index < values.Length; index++)
        {
            same = Comparison.Same(lastChanged![index], values[index]);
        }

        lastChanged = values;
        return BoolValue.Of(!same);
    }
}
