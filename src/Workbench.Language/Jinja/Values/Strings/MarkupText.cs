using System.Net;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>Markup's own operations.</summary>
internal static class MarkupText
{
    /// <summary>Removes comments and tags, collapses white space, replaces entities.</summary>
    public static StringValue StripTags(RenderContext context, StringValue value)
    {
        var kept = Remove(context, Remove(context, value.Plain(), "<!--", "-->"), "<", ">");
        var words = StringSplitting.Split(context, kept, null, null, fromEnd: false);
        var text = StringSplitting.Join(context, new StringValue(" "), words);
        return text.Text.Contains('&') ? Unescape(context, text) : text;
    }

    private static StringValue Unescape(RenderContext context, StringValue value)
    {
        var text = context.NewText();
        var plain = 0;
        for (var start = value.Text.IndexOf('&'); start >= 0;)
        {
            var end = value.Text.AsSpan(start + 1).IndexOfAny(';', '&') + start + 1;
            if (end <= start)
            {
                break;
            }

            var entity = value.Text[start..(end + 1)];
            if (value.Text[end] == ';' && WebUtility.HtmlDecode(entity) is var character && character != entity)
            {
                text.Append(value, plain, start - plain);
                text.Append(character, value.OriginAt(start));
                plain = end + 1;
            }

            start = value.Text[end] == '&' ? end : value.Text.IndexOf('&', end);
        }

        text.Append(value, plain, value.Text.Length - plain);
        return context.Finish(text);
    }

    private static StringValue Remove(RenderContext context, StringValue value, string opening, string closing)
    {
        // What a removal joins together may open anew, so the search restarts before the cut; "<" cannot span more than that.
        while (true)
        {
            var start = value.Text.IndexOf(opening, StringComparison.Ordinal);
            var end = start < 0 ? -1 : value.Text.IndexOf(closing, start, StringComparison.Ordinal);
            if (end < 0)
            {
                return value;
            }

            context.Charge(1 + (value.Text.Length >> 4));
            var after = end + closing.Length;
            var text = context.NewText();
            text.Append(value, 0, start);
            text.Append(value, after, value.Text.Length - after);
            value = context.Finish(text);
        }
    }
}
