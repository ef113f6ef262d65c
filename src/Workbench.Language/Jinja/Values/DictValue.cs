using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// A dict in insertion order. Small ones, nearly all in a conversation, are searched in order; from nine keys on an index
/// is kept. Only what builds a dict may call <see cref="Set"/>.
/// </summary>
internal sealed class DictValue : Value
{
    private const int IndexFrom = 9;

    private KeyValuePair<Value, Value>[] entries;
    private Dictionary<Value, int>? index;

    public DictValue(int capacity = 4) => entries = new KeyValuePair<Value, Value>[capacity];

    public int Count { get; private set; }

    public ReadOnlySpan<KeyValuePair<Value, Value>> Entries => entries.AsSpan(0, Count);

    public override string TypeName => "dict";

    public override bool IsTrue => Count != 0;

    public override int? Length => Count;

    public KeyValuePair<Value, Value> EntryAt(int position) => entries[position];

    /// <summary><c>d[key] = value</c>; a key that is there keeps its place and its spelling.</summary>
    public void Set(Value key, Value value)
    {
        var position = Find(key);
        if (position >= 0)
        {
            entries[position] = new(entries[position].Key, value);
            return;
        }

        if (Count == entries.Length)
        {
            Array.Resize(ref entries, Math.Max(4, Count * 2));
        }

        entries[Count] = new(key, value);
        index?.Add(key, Count);
        Count++;
    }

    /// <summary>The value of a string key; null where it is missing.</summary>
    public Value? Get(string key)
    {
        if (Count >= IndexFrom)
        {
            return Get(new StringValue(key));
        }

        for (var position = 0; position < Count; position++)
        {
            if (entries[position].Key is StringValue text && text.Text == key)
            {
                return entries[position].Value;
            }
        }

        return null;
    }

    /// <summary>The value of any key; null where it is missing; TypeError for a key that has no hash.</summary>
    public Value? Get(Value key)
    {
        var position = Find(key);
        return position < 0 ? null : entries[position].Value;
    }

    public DictValue Copy()
    {
        var copy = new DictValue(Count) { Origin = Origin };
        foreach (var (key, value) in Entries)
        {
            copy.Set(key, value);
        }

        return copy;
    }

    public override void WriteRepr(TextBuilder text)
    {
        Recursion.Check();
        text.Append("{", Origin);
        for (var position = 0; position < Count; position++)
        {
            if (position > 0)
            {
                text.Append(", ", Origin);
            }

            entries[position].Key.WriteRepr(text);
            text.Append(": ", Origin);
            entries[position].Value.WriteRepr(text);
        }

        text.Append("}", Origin);
    }

    public override Value? Attribute(RenderContext context, string name) => DictMethods.Find(this, name);

    public override Value? Item(RenderContext context, Value key)
    {
        if (key is StringValue text)
        {
            return Count < IndexFrom ? Get(text.Text) : Get(key);
        }

        // An unhashable key is a TypeError, which subscripting turns into an undefined value; a slice reports it itself.
        return key is ListValue or DictValue or SliceValue || (key is TupleValue tuple && !Hashable(tuple)) ? null : Get(key);
    }

    public override IEnumerator<Value> Iterate(RenderContext context)
    {
        for (var position = 0; position < Count; position++)
        {
            yield return entries[position].Key;
        }
    }

    public override bool EqualTo(Value other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is not DictValue dict || dict.Count != Count)
        {
            return false;
        }

        Recursion.Check(1 + Count);
        foreach (var (key, value) in Entries)
        {
            if (dict.Get(key) is not { } theirs || !Comparison.Same(value, theirs))
            {
                return false;
            }
        }

        return true;
    }

    public override int Hash() => throw PythonError.TypeError("unhashable type: 'dict'");

    private static bool Hashable(TupleValue tuple)
    {
        Recursion.Check();
        return Array.TrueForAll(tuple.Items, item => item is not (ListValue or DictValue) && (item is not TupleValue inner || Hashable(inner)));
    }

    private int Find(Value key)
    {
        if (Count >= IndexFrom)
        {
            index ??= BuildIndex();
            return index.TryGetValue(key, out var found) ? found : -1;
        }

        if (key is StringValue text)
        {
            for (var position = 0; position < Count; position++)
            {
                if (entries[position].Key is StringValue candidate && candidate.Text == text.Text)
                {
                    return position;
                }
            }

            return -1;
        }

        // Python hashes before it compares: a key without a hash fails even in an empty dict.
        _ = key.Hash();
        for (var position = 0; position < Count; position++)
        {
            if (Comparison.Same(entries[position].Key, key))
            {
                return position;
            }
        }

        return -1;
    }

    private Dictionary<Value, int> BuildIndex()
    {
        var built = new Dictionary<Value, int>(Count * 2, PythonEquality.Instance);
        for (var position = 0; position < Count; position++)
        {
            built.Add(entries[position].Key, position);
        }

        return built;
    }
}

/// <summary>Equality and hash as a Python dict or set uses them.</summary>
internal sealed class PythonEquality : IEqualityComparer<Value>
{
    public static readonly PythonEquality Instance = new();

    public bool Equals(Value? x, Value? y) => Comparison.Same(x!, y!);

    public int GetHashCode(Value value) => value.Hash();
}
