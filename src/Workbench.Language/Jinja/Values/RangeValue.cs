using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary><c>range(start, stop, step)</c>, its length within the sandbox's bound.</summary>
internal sealed class RangeValue(long start, long stop, long step, int count) : Value
{
    public long Start { get; } = start;

    public long Stop { get; } = stop;

    public long Step { get; } = step;

    public int Count { get; } = count;

    public override string TypeName => "range";

    public override bool IsTrue => Count != 0;

    public override int? Length => Count;

    public override void WriteRepr(TextBuilder text) =>
        text.Append(Step == 1 ? $"range({Start}, {Stop})" : $"range({Start}, {Stop}, {Step})");

    public override Value? Item(RenderContext context, Value key)
    {
        if (key is SliceValue slice)
        {
            var (first, stride, length) = slice.Resolve(Count);
            var from = Start + (first * Step);
            return new RangeValue(from, from + (length * stride * Step), Step * stride, length);
        }

        if (!Numbers.TryIndex(key, out var index))
        {
            return null;
        }

        index = index < 0 ? index + Count : index;
        return index >= 0 && index < Count ? IntValue.Of(Start + (index * Step)) : null;
    }

    public override IEnumerator<Value> Iterate(RenderContext context)
    {
        for (var index = 0; index < Count; index++)
        {
            yield return IntValue.Of(Start + (index * Step));
        }
    }

    public override Value? Attribute(RenderContext context, string name) => name switch
    {
        "start" => IntValue.Of(Start),
        "stop" => IntValue.Of(Stop),
        "step" => IntValue.Of(Step),
        "count" or "index" => SequenceMethods.FindOfRange(this, name),
        _ => null,
    };

    public override bool EqualTo(Value other) => other is RangeValue range && range.Count == Count
        && (Count == 0 || (range.Start == Start && (Count == 1 || range.Step == Step)));

    public override int Hash() => HashCode.Combine(Count, Count == 0 ? 0 : Start, Count < 2 ? 0 : Step);
}
