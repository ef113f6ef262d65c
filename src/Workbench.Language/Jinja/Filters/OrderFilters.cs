using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>Filters that order, group or compare items.</summary>
internal static class OrderFilters
{
    public static Value Sort(RenderContext context, Value?[] a)
    {
        var paths = AttributePath.ParseMany(a[3]);
        var caseSensitive = a[2]?.IsTrue == true;
        var items = Sequences.ToList(context, a[0]!);
        var reverse = Reverse(a[1]);
        var keys = Array.ConvertAll(items, item => (Value)new ListValue(
            Array.ConvertAll(paths, path => Key(context, path.Read(context, item), caseSensitive))));
        return new ListValue(Sorted(context, items, keys, reverse));
    }

    public static Value DictSort(RenderContext context, Value?[] a)
    {
        var by = a[2] is null ? "key" : (a[2] as StringValue)?.Text;
        if (by is not ("key" or "value"))
        {
            throw PythonError.FilterArgument("You can only sort by either \"key\" or \"value\"");
        }

        if (a[0] is not DictValue dict)
        {
            throw Access.NoAttribute(a[0]!, "items");
        }

        var items = dict.Entries.ToArray().Select(entry => (Value)new TupleValue([entry.Key, entry.Value])).ToArray();
        var caseSensitive = a[1]?.IsTrue == true;
        var reverse = Reverse(a[3]);
        var keys = Array.ConvertAll(items, item => Key(context, ((TupleValue)item).Items[by == "key" ? 0 : 1], caseSensitive));
        return new ListValue(Sorted(context, items, keys, reverse));
    }

    public static Value GroupBy(RenderContext context, Value?[] a)
    {
        var path = AttributePath.Parse(a[1]);
        var caseSensitive = a[3]?.IsTrue == true;
        var items = Sequences.ToList(context, a[0]!);
        var keys = Array.ConvertAll(items, item => Key(context, path.Read(context, item, a[2]), caseSensitive));
        var sorted = Sorted(context, items, keys, reverse: false);
        var groups = new List<Value>();
        for (var start = 0; start < sorted.Length;)
        {
            var key = Key(context, path.Read(context, sorted[start], a[2]), caseSensitive);
            var end = start + 1;
            while (end < sorted.Length && Comparison.Same(key, Key(context, path.Read(context, sorted[end], a[2]), caseSensitive)))
            {
                end++;
            }

            groups.Add(new GroupValue(caseSensitive ? key : path.Read(context, sorted[start], a[2]), new ListValue(sorted[start..end])));
            start = end;
        }

        return new ListValue([.. groups]);
    }

    public static Value Unique(RenderContext context, Value?[] a) => new IteratorValue(
        "generator", Distinct(context, a[0]!, a[1]?.IsTrue == true, AttributePath.Parse(a[2])), "sync_do_unique");

    public static Value Extreme(RenderContext context, Value?[] a, bool largest)
    {
        var path = AttributePath.Parse(a[2]);
        var caseSensitive = a[1]?.IsTrue == true;
        var items = Sequences.Iterate(context, a[0]!);
        Value? best = null, bestKey = null;
        while (items.MoveNext())
        {
            context.Charge(1);
            var key = Key(context, path.Read(context, items.Current), caseSensitive);
            if (bestKey is null || Comparison.Evaluate(
                    context, largest ? ComparisonOperator.Greater : ComparisonOperator.Less, key, bestKey))
            {
                (best, bestKey) = (items.Current, key);
            }
        }

        return best ?? UndefinedValue.Hint("No aggregated item, sequence was empty.");
    }

    private static Value Key(RenderContext context, Value value, bool caseSensitive) =>
        caseSensitive ? value : AttributePath.IgnoreCase(context, value);

    private static bool Reverse(Value? reverse) => reverse is not null && (reverse is NoneValue
        ? throw PythonError.TypeError("'NoneType' object cannot be interpreted as an integer")
        : Values.Convert.CInt(reverse) != 0);

    private static IEnumerator<Value> Distinct(RenderContext context, Value value, bool caseSensitive, AttributePath path)
    {
        var seen = new HashSet<Value>(PythonEquality.Instance);
        var items = Sequences.Iterate(context, value);
        while (items.MoveNext())
        {
            context.Charge(1);
            if (seen.Add(Key(context, path.Read(context, items.Current), caseSensitive)))
            {
                yield return items.Current;
            }
        }
    }

    /// <summary>
    /// A stable sort that asks only <c>&lt;</c>. Python begins by comparing each item with the one before it, so where
    /// two items cannot be compared, this insertion into sorted order meets the same pair first on short lists.
    /// </summary>
    private static Value[] Sorted(RenderContext context, Value[] items, Value[] keys, bool reverse)
    {
        var order = new int[items.Length];
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        if (reverse)
        {
            // Reversed before and after, equal items keep their order.
            Array.Reverse(order);
        }

        for (var index = 1; index < order.Length; index++)
        {
            context.Charge(1);
            if (Comparison.Less(keys[order[index]], keys[order[index - 1]]))
            {
                // The run ends here; from here on insert by binary search as Python's does.
                BinaryInsert(context, order, keys, index);
                break;
            }
        }

        if (reverse)
        {
            Array.Reverse(order);
        }

        return Array.ConvertAll(order, index => items[index]);
    }

    private static void BinaryInsert(RenderContext context, int[] order, Value[] keys, int from)
    {
        if (order.Length > 64)
        {
            MergeSort(context, order, keys);
            return;
        }

        for (var index = from; index < order.Length; index++)
        {
            var pivot = order[index];
            int low = 0, high = index;
            while (low < high)
            {
                context.Charge(1);
                var middle = (low + high) / 2;
                if (Comparison.Less(keys[pivot], keys[order[middle]]))
                {
                    high = middle;
                }
                else
                {
                    low = middle + 1;
                }
            }

            Array.Copy(order, low, order, low + 1, index - low);
            order[low] = pivot;
        }
    }

    private static void MergeSort(RenderContext context, int[] order, Value[] keys)
    {
        var buffer = new int[order.Length];
        for (var width = 1; width < order.Length; width *= 2)
        {
            for (var start = 0; start < order.Length; start += 2 * width)
            {
                int left = start, middle = Math.Min(start + width, order.Length), end = Math.Min(start + (2 * width), order.Length);
                var right = middle;
                for (var target = start; target < end; target++)
                {
                    context.Charge(1);
                    var takeRight = left >= middle || (right < end && Comparison.Less(keys[order[right]], keys[order[left]]));
                    buffer[target] = takeRight ? order[right++] : order[left++];
                }
            }

            buffer.CopyTo(order, 0);
        }
    }
}
