using System.Collections.Frozen;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// <c>a.b</c> and <c>a[b]</c> as the immutable sandbox resolves them: an attribute or an item, whichever the notation
/// prefers; what is private or would change a value comes back as an undefined value that says so when used.
/// </summary>
internal static class Access
{
    /// <summary>Special attributes that every Python object has; reading one is refused, not undefined.</summary>
    private static readonly FrozenSet<string> OfEveryObject = new[]
    {
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__",
        "__gt__", "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__",
        "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> OfContainers = new[] { "__len__", "__getitem__", "__contains__", "__iter__" }.ToFrozenSet();

    private static readonly FrozenSet<string> OfFunctions = new[]
    {
        "__call__", "__name__", "__qualname__", "__module__", "__self__", "__text_signature__",
    }.ToFrozenSet();

    /// <summary><c>environment.getattr</c>: the attribute, else the item.</summary>
    public static Value Attribute(RenderContext context, Value owner, string name)
    {
        if (name.StartsWith('_'))
        {
            return Private(context, owner, name);
        }

        if (FindAttribute(context, owner, name) is { } attribute)
        {
            return attribute;
        }

        var key = new StringValue(name);
        return owner.Item(context, key) ?? UndefinedValue.Of(owner, key);
    }

    /// <summary><c>environment.getitem</c>: the item, else the attribute.</summary>
    public static Value Item(RenderContext context, Value owner, Value key)
    {
        if (owner.Item(context, key) is { } item)
        {
            return item;
        }

        if (key is not StringValue name)
        {
            return UndefinedValue.Of(owner, key);
        }

        if (name.Text.StartsWith('_'))
        {
            return HasSpecial(context, owner, name.Text) ? UndefinedValue.Unsafe(owner, name.Text) : UndefinedValue.Of(owner, key);
        }

        return FindAttribute(context, owner, name.Text) ?? UndefinedValue.Of(owner, key);
    }

    /// <summary>The public attribute; an unsafe one as undefined value; null where there is none.</summary>
    public static Value? FindAttribute(RenderContext context, Value owner, string name)
    {
        var mutating = owner switch
        {
            ListValue => SequenceMethods.Mutating.Contains(name),
            DictValue => DictMethods.Mutating.Contains(name),
            _ => false,
        };
        return mutating ? UndefinedValue.Unsafe(owner, name) : owner.Attribute(context, name);
    }

    /// <summary>The AttributeError of a Python function that used an attribute its argument does not have.</summary>
    public static PythonError NoAttribute(Value owner, string name) => owner switch
    {
        UndefinedValue undefined => undefined.Fail(),
        NamespaceValue => PythonError.Attribute(name),
        FunctionValue { TypeName: "type" } type => PythonError.Attribute($"type object '{type.Name}' has no attribute '{name}'"),
        _ => PythonError.Attribute($"'{owner.TypeName}' object has no attribute '{name}'"),
    };

    /// <summary>Whether Python would find the attribute, safe or not.</summary>
    public static bool HasAttribute(RenderContext context, Value owner, string name) =>
        name.StartsWith('_') ? HasSpecial(context, owner, name) : FindAttribute(context, owner, name) is not null;

    private static Value Private(RenderContext context, Value owner, string name)
    {
        if (HasSpecial(context, owner, name))
        {
            return UndefinedValue.Unsafe(owner, name);
        }

        var key = new StringValue(name);
        return owner.Item(context, key) ?? UndefinedValue.Of(owner, key);
    }

    private static bool HasSpecial(RenderContext context, Value owner, string name)
    {
        if (owner is UndefinedValue undefined && !(name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal)))
        {
            throw undefined.Fail();
        }

        if (owner is NamespaceValue)
        {
            return name == "__class__" || owner.Attribute(context, name) is not null;
        }

        return OfEveryObject.Contains(name)
            || (owner.Length is not null && OfContainers.Contains(name))
            || (owner.IsCallable && OfFunctions.Contains(name))
            || owner switch
            {
                StringValue text => name is "__add__" or "__mod__" or "__mul__" or "__rmul__" or "__rmod__"
                    || (text.IsMarkup && name is "__html__" or "__html_format__" && text.IsMarkup),
                SequenceValue => name is "__add__" or "__mul__" or "__rmul__",
                NoneValue or UndefinedValue => name == "__bool__",
                _ => Numbers.IsNumber(owner) && name is "__add__" or "__sub__" or "__mul__" or "__abs__" or "__int__" or "__float__" or "__bool__",
            };
    }
}
