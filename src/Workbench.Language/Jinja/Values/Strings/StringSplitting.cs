using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary><c>split</c>, <c>splitlines</c>, <c>partition</c> and <c>join</c>.</summary>
internal static class StringSplitting
{
    public static ListValue Split(RenderContext context, StringValue value, Value? separator, Value? limit, bool fromEnd)
    {
        var most = limit is null ? -1 : Convert.Index(limit);
        if (separator is not (null or NoneValue or StringValue))
        {
            throw PythonError.TypeError($"must be str or None, not {separator.TypeName}");
        }

        most = most < 0 ? long.MaxValue : most;
        var parts = new List<Value>();
        if (separator is StringValue text)
        {
            if (text.Text.Length == 0)
            {
                throw PythonError.ValueError("empty separator");
            }

            SplitAt(value, text.Text, most, fromEnd, parts);
        }
        else
        {
            SplitWhitespace(value, most, fromEnd, parts);
        }

        if (fromEnd)
        {
            parts.Reverse();
        }

        context.Charge(parts.Count);
        return new ListValue([.. parts]);
    }

    public static ListValue SplitLines(RenderContext context, StringValue value, bool keepEnds)
    {
        var lines = new List<Value>();
        var text = value.Text;
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !PythonCharacters.IsLineBreak(text[end]))
            {
                end++;
            }

            var next = end == text.Length ? end : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(value.Slice(start, (keepEnds ? next : end) - start));
            start = next;
        }

        context.Charge(lines.Count);
        return new ListValue([.. lines]);
    }

    public static TupleValue Partition(StringValue value, Value separator, bool fromEnd)
    {
        if (separator is not StringValue text)
        {
            throw PythonError.TypeError($"must be str, not {separator.TypeName}");
        }

        if (text.Text.Length == 0)
        {
            throw PythonError.ValueError("empty separator");
        }

        var found = fromEnd
            ? TextSearch.LastIndexOf(value.Text, text.Text, 0, value.Text.Length)
            : TextSearch.IndexOf(value.Text, text.Text, 0, value.Text.Length);
        var empty = value.Slice(0, 0);
        if (found < 0)
        {
            return new TupleValue(fromEnd ? [empty, empty, value] : [value, empty, empty]);
        }

        var after = found + text.Text.Length;
        return new TupleValue(
            [value.Slice(0, found), value.Slice(found, text.Text.Length), value.Slice(after, value.Text.Length - after)]);
    }

    public static StringValue Join(RenderContext context, StringValue separator, Value items)
    {
        var iterator = items.Iterate(context) ?? throw PythonError.TypeError("can only join an iterable");
        var parts = new List<StringValue>();
        var markup = separator.IsMarkup;
        while (iterator.MoveNext())
        {
            context.Charge(1);
            if (markup)
            {
                parts.Add(StringOperations.Escape(context, iterator.Current));
                continue;
            }

            parts.Add(iterator.Current as StringValue ?? throw PythonError.TypeError(
                $"sequence item {parts.Count}: expected str instance, {iterator.Current.TypeName} found"));
        }

        // str.join returns a lone item as it is only if it is exactly a str; a Markup inside becomes plain text.
        return parts.Count == 1 && !markup ? parts[0].Plain() : StringOperations.Join(context, separator, parts);
    }

    private static void SplitAt(StringValue value, string separator, long most, bool fromEnd, List<Value> parts)
    {
        int start = 0, end = value.Text.Length;
        while (most-- > 0)
        {
            var found = fromEnd
                ? TextSearch.LastIndexOf(value.Text, separator, 0, end)
                : TextSearch.IndexOf(value.Text, separator, start, value.Text.Length);
            if (found < 0)
            {
                break;
            }

            if (fromEnd)
            {
                parts.Add(value.Slice(found + separator.Length, end - found - separator.Length));
                end = found;
            }
            else
            {
                parts.Add(value.Slice(start, found - start));
                start = found + separator.Length;
            }
        }

        parts.Add(value.Slice(start, end - start));
    }

    private static void SplitWhitespace(StringValue value, long most, bool fromEnd, List<Value> parts)
    {
        var text = value.Text;
        int start = 0, end = text.Length;
        while (true)
        {
            while (start < end && PythonCharacters.IsSpace(fromEnd ? text[end - 1] : text[start]))
            {
                _ = fromEnd ? end-- : start++;
            }

            if (start == end)
            {
                return;
            }

            if (most-- <= 0)
            {
                // The rest keeps its inner and far white space, but for what was skipped here.
                parts.Add(fromEnd
                    ? StringOperations.Strip(value.Slice(0, end), null, left: false, right: true)
                    : value.Slice(start, text.Length - start));
                return;
            }

            var edge = fromEnd ? end : start;
            while (fromEnd ? edge > start && !PythonCharacters.IsSpace(text[edge - 1]) : edge < end && !PythonCharacters.IsSpace(text[edge]))
            {
                edge += fromEnd ? -1 : 1;
            }

            parts.Add(fromEnd ? value.Slice(edge, end - edge) : value.Slice(start, edge - start));
            _ = fromEnd ? end = edge : start = edge;
        }
    }
}
