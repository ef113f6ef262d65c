namespace Workbench.Language.Jinja.Values;

/// <summary>The evaluated arguments of a call: positional ones, then keywords in the order written.</summary>
internal readonly struct Arguments(Value[] positional, KeyValuePair<string, Value>[] named)
{
    public static readonly KeyValuePair<string, Value>[] NoNames = [];

    public static readonly Arguments None = new([]);

    public Arguments(Value[] positional)
        : this(positional, NoNames)
    {
    }

    public Value[] Positional { get; } = positional;

    public KeyValuePair<string, Value>[] Named { get; } = named;

    public int Count => Positional.Length;

    public Value this[int index] => Positional[index];

    public Value? At(int index) => index < Positional.Length ? Positional[index] : null;
}
