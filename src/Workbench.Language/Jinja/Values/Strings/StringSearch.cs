namespace Workbench.Language.Jinja.Values;

/// <summary><c>find</c>, <c>index</c>, <c>count</c>, <c>startswith</c> and relatives, their windows in code points.</summary>
internal static class StringSearch
{
    public static long Find(StringValue value, in Arguments arguments, bool last)
    {
        var (start, end) = Window(value, arguments);
        var part = Part(arguments[0]);
        if (start > end)
        {
            return -1;
        }

        var from = value.Utf16Index(start);
        var to = value.Utf16Index(end);
        var found = last ? TextSearch.LastIndexOf(value.Text, part.Text, from, to) : TextSearch.IndexOf(value.Text, part.Text, from, to);
        return found < 0 ? -1 : value.CodePointIndex(found);
    }

    public static Value Index(StringValue value, in Arguments arguments, bool last)
    {
        var found = Find(value, arguments, last);
        return found >= 0 ? IntValue.Of(found) : throw PythonError.ValueError("substring not found");
    }

    public static Value Count(StringValue value, in Arguments arguments)
    {
        var (start, end) = Window(value, arguments);
        var part = Part(arguments[0]);
        if (start > end)
        {
            return IntValue.Of(0);
        }

        if (part.Text.Length == 0)
        {
            return IntValue.Of(end - start + 1);
        }

        var from = value.Utf16Index(start);
        var to = value.Utf16Index(end);
        var count = 0;
        for (var found = from; (found = TextSearch.IndexOf(value.Text, part.Text, found, to)) >= 0; found += part.Text.Length)
        {
            count++;
        }

        return IntValue.Of(count);
    }

    public static Value Affix(StringValue value, in Arguments arguments, string name)
    {
        var (start, end) = Window(value, arguments);
        var atStart = name == "startswith";
        if (arguments[0] is TupleValue tuple)
        {
            foreach (var candidate in tuple.Items)
            {
                if (candidate is not StringValue text)
                {
                    throw PythonError.TypeError($"tuple for {name} must only contain str, not {candidate.TypeName}");
                }

                if (Matches(value, text, start, end, atStart))
                {
                    return BoolValue.True;
                }
            }

            return BoolValue.False;
        }

        return arguments[0] is StringValue affix
            ? BoolValue.Of(Matches(value, affix, start, end, atStart))
            : throw PythonError.TypeError($"{name} first arg must be str or a tuple of str, not {arguments[0].TypeName}");
    }

    public static Value RemovePrefix(StringValue value, Value prefix)
    {
        if (prefix is not StringValue text)
        {
            throw PythonError.TypeError($"removeprefix() argument must be str, not {Convert.Named(prefix)}");
        }

        return value.Text.StartsWith(text.Text, StringComparison.Ordinal)
            ? value.Slice(text.Text.Length, value.Text.Length - text.Text.Length)
            : value;
    }

    public static Value RemoveSuffix(StringValue value, Value suffix)
    {
        if (suffix is not StringValue text)
        {
            throw PythonError.TypeError($"removesuffix() argument must be str, not {Convert.Named(suffix)}");
        }

        return value.Text.EndsWith(text.Text, StringComparison.Ordinal)
            ? value.Slice(0, value.Text.Length - text.Text.Length)
            : value;
    }

    private static bool Matches(StringValue value, StringValue affix, int start, int end, bool atStart)
    {
        if (start > end)
        {
            return false;
        }

        var from = value.Utf16Index(start);
        var window = value.Text.AsSpan(from, value.Utf16Index(end) - from);
        return atStart ? window.StartsWith(affix.Text, StringComparison.Ordinal) : window.EndsWith(affix.Text, StringComparison.Ordinal);
    }

    private static (int Start, int End) Window(StringValue value, in Arguments arguments) =>
        Convert.Window(Convert.Bound(arguments.At(1)), Convert.Bound(arguments.At(2)), value.CodePoints);

    private static StringValue Part(Value value) =>
        value as StringValue ?? throw PythonError.TypeError($"must be str, not {value.TypeName}");
}
