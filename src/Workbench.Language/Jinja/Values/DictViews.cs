using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

internal enum DictViewKind
{
    Keys,
    Values,
    Items,
}

/// <summary><c>dict.keys()</c>, <c>.values()</c> and <c>.items()</c>.</summary>
internal sealed class DictViewValue(DictValue dict, DictViewKind kind) : Value
{
    public DictValue Dict { get; } = dict;

    public DictViewKind Kind { get; } = kind;

    public override string TypeName => Kind switch
    {
        DictViewKind.Keys => "dict_keys",
        DictViewKind.Values => "dict_values",
        _ => "dict_items",
    };

    public override bool IsTrue => Dict.Count != 0;

    public override int? Length => Dict.Count;

    public Value At(int position)
    {
        var (key, value) = Dict.EntryAt(position);
        return Kind switch
        {
            DictViewKind.Keys => key,
            DictViewKind.Values => value,
            _ => new TupleValue([key, value]),
        };
    }

    public override void WriteRepr(TextBuilder text)
    {
        text.Append(TypeName);
        text.Append("([");
        for (var position = 0; position < Dict.Count; position++)
        {
            text.Append(position > 0 ? ", " : "");
            At(position).WriteRepr(text);
        }

        text.Append("])");
    }

    public override Value? Attribute(RenderContext context, string name) => DictMethods.FindOfView(this, name);

    public override IEnumerator<Value> Iterate(RenderContext context)
    {
        for (var position = 0; position < Dict.Count; position++)
        {
            yield return At(position);
        }
    }

    public override bool EqualTo(Value other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (Kind == DictViewKind.Values || other is not DictViewValue view || view.Kind != Kind || view.Dict.Count != Dict.Count)
        {
            return false;
        }

        foreach (var (key, value) in Dict.Entries)
        {
            var theirs = view.Dict.Get(key);
            if (theirs is null || (Kind == DictViewKind.Items && !Comparison.Same(value, theirs)))
            {
                return false;
            }
        }

        return true;
    }

    public override int Hash() =>
        Kind == DictViewKind.Values ? base.Hash() : throw PythonError.TypeError($"unhashable type: '{TypeName}'");
}
