using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>What lists and tuples share: items in an array that nothing changes any more.</summary>
internal abstract class SequenceValue(Value[] items) : Value
{
    public Value[] Items { get; } = items;

    public override bool IsTrue => Items.Length != 0;

    public override int? Length => Items.Length;

    /// <summary>A sequence of the same type.</summary>
    public abstract SequenceValue With(Value[] items);

    public override Value? Item(RenderContext context, Value key)
    {
        if (key is SliceValue slice)
        {
            return Slice(context, slice);
        }

        if (!Numbers.TryIndex(key, out var index))
        {
            return null;
        }

        index = index < 0 ? index + Items.Length : index;
        return index >= 0 && index < Items.Length ? Items[index] : null;
    }

    public override IEnumerator<Value> Iterate(RenderContext context) => ((IEnumerable<Value>)Items).GetEnumerator();

    public override Value? Attribute(RenderContext context, string name) => SequenceMethods.Find(this, name);

    public override bool EqualTo(Value other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is not SequenceValue sequence || sequence is ListValue != this is ListValue || sequence.Items.Length != Items.Length)
        {
            return false;
        }

        Recursion.Check(1 + Items.Length);
        for (var index = 0; index < Items.Length; index++)
        {
            if (!Comparison.Same(Items[index], sequence.Items[index]))
            {
                return false;
            }
        }

        return true;
    }

    protected void WriteItems(TextBuilder text)
    {
        Recursion.Check();
        for (var index = 0; index < Items.Length; index++)
        {
            if (index > 0)
            {
                text.Append(", ", Origin);
            }

            Items[index].WriteRepr(text);
        }
    }

    private SequenceValue Slice(RenderContext context, SliceValue slice)
    {
        var (start, step, count) = slice.Resolve(Items.Length);
        if (count == Items.Length && step == 1 && this is TupleValue)
        {
            return this;
        }

        context.Charge(count);
        var items = new Value[count];
        for (var index = 0; index < count; index++)
        {
            items[index] = Items[start + (index * step)];
        }

        return With(items);
    }
}

internal sealed class ListValue(Value[] items) : SequenceValue(items)
{
    public override string TypeName => "list";

    public override SequenceValue With(Value[] items) => new ListValue(items) { Origin = Origin };

    public override void WriteRepr(TextBuilder text)
    {
        text.Append("[", Origin);
        WriteItems(text);
        text.Append("]", Origin);
    }

    public override int Hash() => throw PythonError.TypeError("unhashable type: 'list'");
}

internal class TupleValue(Value[] items) : SequenceValue(items)
{
    public static readonly TupleValue Empty = new([]);

    public override string TypeName => "tuple";

    public override SequenceValue With(Value[] items) => new TupleValue(items) { Origin = Origin };

    public override void WriteRepr(TextBuilder text)
    {
        text.Append("(", Origin);
        WriteItems(text);
        text.Append(Items.Length == 1 ? ",)" : ")", Origin);
    }

    public override int Hash()
    {
        Recursion.Check(1 + Items.Length);
        var hash = default(HashCode);
        foreach (var item in Items)
        {
            hash.Add(item.Hash());
        }

        return hash.ToHashCode();
    }
}

/// <summary>What <c>groupby</c> yields: a tuple whose two items have names.</summary>
internal sealed class GroupValue(Value grouper, Value list) : TupleValue([grouper, list])
{
    public override string TypeName => "_GroupTuple";

    public override string Description => "jinja2.filters._GroupTuple object";

    public override Value? Attribute(RenderContext context, string name) => name switch
    {
        "grouper" => Items[0],
        "list" => Items[1],
        _ => base.Attribute(context, name),
    };
}
