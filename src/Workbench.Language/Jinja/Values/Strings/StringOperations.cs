using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>The string operations that operators, methods and filters share; all of them keep provenance.</summary>
internal static class StringOperations
{
    /// <summary>Sets of characters up to this size are searched, larger ones hashed.</summary>
    private const int FewCharacters = 32;

    /// <summary><c>a + b</c>; where one is Markup, the other is escaped.</summary>
    public static StringValue Concat(RenderContext context, StringValue left, StringValue right)
    {
        if (left.IsMarkup != right.IsMarkup)
        {
            (left, right) = left.IsMarkup ? (left, Escape(context, right)) : (Escape(context, left), right);
        }

        if (!context.Traced)
        {
            CheckLength(context, (long)left.Text.Length + right.Text.Length);
            context.Charge((left.Text.Length + right.Text.Length) >> 4);
            return new StringValue(string.Concat(left.Text, right.Text), left.IsMarkup);
        }

        var text = context.NewText();
        text.Append(left);
        text.Append(right);
        return context.Finish(text, left.IsMarkup);
    }

    public static StringValue Repeat(RenderContext context, StringValue value, long times)
    {
        if (value.Text.Length == 0 || times <= 0)
        {
            return value.Slice(0, 0);
        }

        CheckLength(context, times > long.MaxValue / value.Text.Length ? long.MaxValue : times * value.Text.Length);
        context.Charge(times);
        var text = context.NewText();
        for (var count = 0L; count < times; count++)
        {
            text.Append(value);
        }

        return context.Finish(text, value.IsMarkup);
    }

    public static StringValue Slice(RenderContext context, StringValue value, SliceValue slice)
    {
        var (start, step, count) = slice.Resolve(value.CodePoints);
        if (count == 0)
        {
            return value.Slice(0, 0);
        }

        if (step == 1)
        {
            context.Charge(count / RenderContext.CharactersPerStep);
            var from = value.Utf16Index(start);
            return value.Slice(from, value.Utf16Index(start + count) - from);
        }

        context.Charge(count);
        var offsets = CodePointOffsets(value);
        var text = context.NewText();
        for (var index = 0; index < count; index++)
        {
            var position = start + (index * step);
            text.Append(value, offsets[position], offsets[position + 1] - offsets[position]);
        }

        return context.Finish(text, value.IsMarkup);
    }

    /// <summary>markupsafe's escape: a Markup as it is, anything else as text with the five characters replaced.</summary>
    public static StringValue Escape(RenderContext context, Value value)
    {
        var source = value.ToStr(context);
        if (source.IsMarkup)
        {
            return source;
        }

        if (source.Text.AsSpan().IndexOfAny("&<>'\"") < 0)
        {
            return source.AsMarkup();
        }

        var text = context.NewText();
        for (var index = 0; index < source.Text.Length; index++)
        {
            var entity = source.Text[index] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\'' => "&#39;",
                '"' => "&#34;",
                _ => null,
            };
            if (entity is null)
            {
                text.Append(source, index, 1);
            }
            else
            {
                text.Append(entity, source.OriginAt(index));
            }
        }

        return context.Finish(text, markup: true);
    }

    /// <summary><c>s.replace(old, new, count)</c>; count below zero for all.</summary>
    public static StringValue Replace(RenderContext context, StringValue value, StringValue old, StringValue replacement, long count)
    {
        if (count == 0 || (old.Text.Length > 0 && !TextSearch.Contains(value.Text, old.Text)))
        {
            return value;
        }

        count = count < 0 ? long.MaxValue : count;
        var text = context.NewText();
        var start = 0;
        if (old.Text.Length == 0)
        {
            var offsets = CodePointOffsets(value);
            for (var index = 0; index < offsets.Length && count > 0; index++, count--)
            {
                text.Append(value, start, offsets[index] - start);
                start = offsets[index];
                text.Append(replacement);
            }
        }
        else
        {
            for (var found = 0; count > 0 && (found = TextSearch.IndexOf(value.Text, old.Text, start, value.Text.Length)) >= 0; count--)
            {
                text.Append(value, start, found - start);
                text.Append(replacement);
                start = found + old.Text.Length;
            }
        }

        text.Append(value, start, value.Text.Length - start);
        return context.Finish(text, value.IsMarkup);
    }

    /// <summary><c>s.strip(chars)</c> at the chosen ends; null strips whitespace.</summary>
    public static StringValue Strip(StringValue value, string? characters, bool left, bool right)
    {
        var text = value.Text;
        int start = 0, end = text.Length;
        var set = characters is { Length: > FewCharacters } ? CodePointSet(characters) : null;
        while (left && start < end)
        {
            var length = start + 1 < end && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1;
            if (!Strippable(text.AsSpan(start, length), characters, set))
            {
                break;
            }

            start += length;
        }

        while (right && end > start)
        {
            var length = end - 2 >= start && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
            if (!Strippable(text.AsSpan(end - length, length), characters, set))
            {
                break;
            }

            end -= length;
        }

        return value.Slice(start, end - start);
    }

    /// <summary><c>separator.join(items)</c> over strings.</summary>
    public static StringValue Join(RenderContext context, StringValue separator, IReadOnlyList<StringValue> items)
    {
        if (items.Count == 1 && items[0].IsMarkup == separator.IsMarkup)
        {
            return items[0];
        }

        var text = context.NewText();
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0)
            {
                text.Append(separator);
            }

            text.Append(items[index]);
        }

        return context.Finish(text, separator.IsMarkup);
    }

    /// <summary>Pads with code points of <paramref name="fill"/> on both sides.</summary>
    public static StringValue Pad(RenderContext context, StringValue value, long left, long right, StringValue fill)
    {
        if (left <= 0 && right <= 0)
        {
            return value;
        }

        CheckLength(context, left + right + value.Text.Length);
        var text = context.NewText();
        for (; left > 0; left--)
        {
            text.Append(fill);
        }

        text.Append(value);
        for (; right > 0; right--)
        {
            text.Append(fill);
        }

        return context.Finish(text, value.IsMarkup);
    }

    /// <summary>UTF-16 offsets of all code points, and of the end.</summary>
    public static int[] CodePointOffsets(StringValue value)
    {
        var offsets = new int[value.CodePoints + 1];
        var position = 0;
        for (var index = 0; index < value.Text.Length;)
        {
            offsets[position++] = index;
            index += index + 1 < value.Text.Length && char.IsSurrogatePair(value.Text[index], value.Text[index + 1]) ? 2 : 1;
        }

        offsets[position] = value.Text.Length;
        return offsets;
    }

    public static void CheckLength(RenderContext context, long length)
    {
        if (length > context.MaxTextLength)
        {
            throw PythonError.Limit(
                $"a string of {length:N0} characters is beyond the limit of {context.MaxTextLength:N0}; raise RenderOptions.MaxOutputLength if that is intended");
        }
    }

    private static HashSet<int> CodePointSet(string characters) =>
        [.. PythonCharacters.Enumerate(characters).Select(character => character.CodePoint)];

    private static bool Strippable(ReadOnlySpan<char> character, string? characters, HashSet<int>? set)
    {
        if (set is not null)
        {
            return set.Contains(character.Length == 2 ? char.ConvertToUtf32(character[0], character[1]) : character[0]);
        }

        if (characters is null)
        {
            return character.Length == 1 && PythonCharacters.IsSpace(character[0]);
        }

        // A lone surrogate must not match half of a pair in the set.
        return character.Length == 2
            ? characters.AsSpan().IndexOf(character) >= 0
            : characters.Contains(character[0]);
    }
}
