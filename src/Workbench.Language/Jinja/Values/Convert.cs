namespace Workbench.Language.Jinja.Values;

/// <summary>The argument conversions of CPython's built-ins, with their messages.</summary>
internal static class Convert
{
    /// <summary>An argument used as a C integer (<c>__index__</c>); integers beyond 64 bits raise OverflowError.</summary>
    public static long Index(Value value) => value switch
    {
        BigIntValue => throw PythonError.Overflow("Python int too large to convert to C ssize_t"),
        _ when Numbers.TryIndex(value, out var index) => index,
        _ => throw PythonError.TypeError($"'{value.TypeName}' object cannot be interpreted as an integer"),
    };

    /// <summary>An argument used as a C int: flags, tab sizes.</summary>
    public static int CInt(Value value) => value switch
    {
        BigIntValue => throw PythonError.Overflow("Python int too large to convert to C int"),
        _ when Index(value) is < int.MinValue or > int.MaxValue => throw PythonError.Overflow("Python int too large to convert to C int"),
        _ => (int)Index(value),
    };

    /// <summary>How CPython's argument parsing names the type of an argument that it refuses: None by its value.</summary>
    public static string Named(Value value) => value is NoneValue ? "None" : value.TypeName;

    /// <summary>An optional slice bound of <c>find</c>, <c>count</c> …: None is absent, any integer is clamped.</summary>
    public static long? Bound(Value? value) => value switch
    {
        null or NoneValue => null,
        _ when Numbers.TryIndex(value, out var index) => index,
        _ => throw PythonError.TypeError("slice indices must be integers or None or have an __index__ method"),
    };

    /// <summary>The bounds of <c>list.index</c>, which may be absent but not None.</summary>
    public static long? RequiredBound(Value? value) => value is null || Numbers.TryIndex(value, out _)
        ? Bound(value)
        : throw PythonError.TypeError("slice indices must be integers or have an __index__ method");

    /// <summary>A clamped [start, end) of code points, resolved against a length as slicing does.</summary>
    public static (int Start, int End) Window(long? start, long? end, int length)
    {
        var from = start ?? 0;
        var to = end ?? length;
        from = from < 0 ? Math.Max(0, from + length) : from;
        to = to < 0 ? Math.Max(0, to + length) : Math.Min(to, length);
        return ((int)Math.Min(from, int.MaxValue), (int)to);
    }
}
