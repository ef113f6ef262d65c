using System.Buffers;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary>Filters that make text of text.</summary>
internal static class TextFilters
{
    private static readonly SearchValues<char> EndsAttributeName = SearchValues.Create(" \t\n\r\f\v/>=");

    public static Value Capitalize(RenderContext context, Value?[] a) => CaseMapping.Capitalize(context, a[0]!.ToStr(context));

    public static Value Lower(RenderContext context, Value?[] a) => CaseMapping.Lower(context, a[0]!.ToStr(context));

    public static Value Upper(RenderContext context, Value?[] a) => CaseMapping.Upper(context, a[0]!.ToStr(context));

    /// <summary>Jinja2's own idea of a title: words begin after white space, hyphens and opening brackets only.</summary>
    public static Value Title(RenderContext context, Value?[] a)
    {
        var value = a[0]!.ToStr(context);
        var text = context.NewText();
        for (var start = 0; start < value.Text.Length;)
        {
            var separator = IsTitleSeparator(value.Text[start]);
            var end = start + 1;
            while (end < value.Text.Length && IsTitleSeparator(value.Text[end]) == separator)
            {
                end++;
            }

            var first = end - start > 1 && char.IsSurrogatePair(value.Text[start], value.Text[start + 1]) ? 2 : 1;
            text.Append(CaseMapping.Upper(context, value.Slice(start, first).Plain()));
            text.Append(CaseMapping.Lower(context, value.Slice(start + first, end - start - first).Plain()));
            start = end;
        }

        return context.Finish(text);
    }

    public static Value Trim(RenderContext context, Value?[] a)
    {
        var value = a[0]!.ToStr(context);
        return a[1] switch
        {
            null or NoneValue => StringOperations.Strip(value, null, left: true, right: true),
            StringValue characters => StringOperations.Strip(value, characters.Text, left: true, right: true),
            _ => throw PythonError.TypeError("strip arg must be None or str"),
        };
    }

    public static Value Center(RenderContext context, Value?[] a) => StringMethods.All["center"].Invoke(
        context, a[0]!.ToStr(context), new Arguments([a[1] ?? IntValue.Of(80)]));

    public static Value Replace(RenderContext context, Value?[] a)
    {
        var count = a[3] is null or NoneValue ? -1 : Values.Convert.Index(a[3]!);
        var value = a[0]!.ToStr(context);
        var old = a[1]!.ToStr(context);
        var replacement = a[2]!.ToStr(context);
        if (!context.AutoEscape)
        {
            return StringOperations.Replace(context, value.Plain(), old.Plain(), replacement.Plain(), count);
        }

        if (old.IsMarkup || (replacement.IsMarkup && !value.IsMarkup))
        {
            value = StringOperations.Escape(context, value);
        }

        replacement = value.IsMarkup ? StringOperations.Escape(context, replacement) : replacement;
        return StringOperations.Replace(context, value, old, replacement, count);
    }

    public static Value Join(RenderContext context, Value?[] a)
    {
        var items = Sequences.Iterate(context, a[0]!);
        var path = a[2] is null or NoneValue ? null : AttributePath.Parse(a[2]);
        var separator = a[1]?.ToStr(context) ?? StringValue.Empty;
        var values = new List<Value>();
        while (items.MoveNext())
        {
            context.Charge(1);
            values.Add(path?.Read(context, items.Current) ?? items.Current);
        }

        var markup = context.AutoEscape && (separator.IsMarkup || values.Exists(value => value is StringValue { IsMarkup: true }));
        separator = markup ? StringOperations.Escape(context, separator) : separator.Plain();
        var text = context.NewText();
        for (var index = 0; index < values.Count; index++)
        {
            if (index > 0)
            {
                text.Append(separator);
            }

            if (markup)
            {
                text.Append(StringOperations.Escape(context, values[index]));
            }
            else
            {
                values[index].WriteStr(text);
            }
        }

        return context.Finish(text, markup);
    }

    public static Value Format(RenderContext context, Value value, in Arguments arguments)
    {
        if (arguments.Count > 0 && arguments.Named.Length > 0)
        {
            throw PythonError.FilterArgument("can't handle positional and keyword arguments at the same time");
        }

        if (arguments.Named.Length == 0)
        {
            return PercentFormat.Apply(context, value.ToStr(context), new TupleValue(arguments.Positional));
        }

        var names = new DictValue();
        foreach (var (name, item) in arguments.Named)
        {
            names.Set(new StringValue(name), item);
        }

        return PercentFormat.Apply(context, value.ToStr(context), names);
    }

    public static Value ForceEscape(RenderContext context, Value?[] a) =>
        StringOperations.Escape(context, a[0]!.ToStr(context).Plain());

    public static Value WordCount(RenderContext context, Value?[] a)
    {
        var words = 0;
        var inWord = false;
        foreach (var (codePoint, _, _) in PythonCharacters.Enumerate(a[0]!.ToStr(context).Text))
        {
            var isWord = PythonCharacters.IsWord(codePoint);
            words += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return IntValue.Of(words);
    }

    public static Value XmlAttr(RenderContext context, Value?[] a)
    {
        if (a[0] is not DictValue dict)
        {
            throw Access.NoAttribute(a[0]!, "items");
        }

        var text = context.NewText();
        foreach (var (key, value) in dict.Entries)
        {
            if (value is NoneValue or UndefinedValue)
            {
                continue;
            }

            var name = key as StringValue ?? throw PythonError.TypeError($"expected string or bytes-like object, got '{key.TypeName}'");
            if (name.Text.AsSpan().IndexOfAny(EndsAttributeName) >= 0)
            {
                throw PythonError.ValueError($"Invalid character in attribute name: {key.Repr()}");
            }

            if (text.Length > 0 || a[1]?.IsTrue != false)
            {
                text.Append(' ');
            }

            text.Append(StringOperations.Escape(context, name));
            text.Append("=\"");
            text.Append(StringOperations.Escape(context, value));
            text.Append('"');
        }

        return context.Finish(text, context.AutoEscape);
    }

    private static bool IsTitleSeparator(char character) =>
        character is '-' or '(' or '{' or '[' or '<' || PythonCharacters.IsSpace(character);
}
