using System.Text;
using System.Text.RegularExpressions;
using Workbench.Language.Jinja.Rendering;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Filters;

/// <summary><c>urlencode</c> and <c>urlize</c>.</summary>
internal static partial class UrlFilters
{
    private static readonly (string Open, string Close)[] Brackets = [("(", ")"), ("<", ">"), ("&lt;", "&gt;")];

    public static Value UrlEncode(RenderContext context, Value?[] a)
    {
        var value = a[0]!;
        if (value is StringValue || value.Iterate(context) is null)
        {
            return new StringValue(Quote(value.ToStr(context).Text, query: false));
        }

        var pairs = value is DictValue dict ? new DictViewValue(dict, DictViewKind.Items) : value;
        var parts = new List<string>();
        foreach (var pair in Sequences.ToList(context, pairs))
        {
            var items = pair.Iterate(context) is null
                ? throw PythonError.TypeError($"cannot unpack non-iterable {pair.TypeName} object")
                : Sequences.ToList(context, pair);
            if (items.Length != 2)
            {
                throw PythonError.ValueError(items.Length > 2
                    ? "too many values to unpack (expected 2)"
                    : $"not enough values to unpack (expected 2, got {items.Length})");
            }

            parts.Add($"{Quote(items[0].ToStr(context).Text, query: true)}={Quote(items[1].ToStr(context).Text, query: true)}");
        }

        return new StringValue(string.Join("&", parts));
    }

    public static Value Urlize(RenderContext context, Value?[] a)
    {
        var relations = new SortedSet<string>(StringComparer.Ordinal) { "noopener" };
        if (a[4] is StringValue given)
        {
            relations.UnionWith(given.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }

        if (a[2]?.IsTrue == true)
        {
            relations.Add("nofollow");
        }

        var attributes = $" rel=\"{StringOperations.Escape(context, new StringValue(string.Join(" ", relations))).Text}\"";
        if (a[3] is not (null or NoneValue) && a[3]!.IsTrue)
        {
            attributes += $" target=\"{StringOperations.Escape(context, a[3]!).Text}\"";
        }

        var schemes = a[5] is null or NoneValue ? [] : Array.ConvertAll(Sequences.ToList(context, a[5]!), scheme => scheme.ToStr(context).Text);
        foreach (var scheme in schemes)
        {
            if (!UriScheme().IsMatch(scheme))
            {
                throw PythonError.FilterArgument($"{new StringValue(scheme).Repr()} is not a valid URI scheme prefix.");
            }
        }

        var limit = a[1] is NoneValue ? null : a[1];
        var text = StringOperations.Escape(context, a[0]!);
        var output = context.NewText();
        try
        {
            foreach (var match in Words().EnumerateMatches(text.Text))
            {
                // Half a dozen patterns look at every word.
                context.Charge(8 + (match.Length >> 2));
                var word = text.Text.Substring(match.Index, match.Length);
                var link = Link(context, word, attributes, limit, schemes);
                if (link == word)
                {
                    output.Append(text, match.Index, match.Length);
                }
                else
                {
                    output.Append(link, text.OriginAt(match.Index));
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw PythonError.Limit("urlize took too long on a single word; shorten the text");
        }

        return context.Finish(output, context.AutoEscape);
    }

    private static string Link(RenderContext context, string word, string attributes, Value? limit, string[] schemes)
    {
        var head = LeadingPunctuation().Match(word).Value;
        var middle = word[head.Length..];
        var tail = "";
        if (TrailingPunctuation().Match(middle) is { Success: true } ending)
        {
            tail = ending.Value;
            middle = middle[..ending.Index];
        }

        foreach (var (open, close) in Brackets)
        {
            var missing = Math.Min(Count(middle, open), Count(tail, close));
            for (missing = Count(middle, open) <= Count(middle, close) ? 0 : missing; missing > 0; missing--)
            {
                var end = tail.IndexOf(close, StringComparison.Ordinal) + close.Length;
                middle += tail[..end];
                tail = tail[end..];
            }
        }

        return head + LinkMiddle(context, middle, attributes, limit, schemes) + tail;
    }

    private static string LinkMiddle(RenderContext context, string middle, string attributes, Value? limit, string[] schemes)
    {
        if (WebAddress().IsMatch(middle))
        {
            var shown = Shorten(context, middle, limit);
            var hasScheme = middle.StartsWith("https://", StringComparison.Ordinal) || middle.StartsWith("http://", StringComparison.Ordinal);
            return $"<a href=\"{(hasScheme ? "" : "https://")}{middle}\"{attributes}>{shown}</a>";
        }

        if (middle.StartsWith("mailto:", StringComparison.Ordinal) && MailAddress().IsMatch(middle[7..]))
        {
            return $"<a href=\"{middle}\">{middle[7..]}</a>";
        }

        if (middle.Contains('@') && !middle.StartsWith("www.", StringComparison.Ordinal) && !middle.StartsWith('@')
            && !middle.Contains(':') && MailAddress().IsMatch(middle))
        {
            return $"<a href=\"mailto:{middle}\">{middle}</a>";
        }

        foreach (var scheme in schemes)
        {
            if (middle != scheme && middle.StartsWith(scheme, StringComparison.Ordinal))
            {
                middle = $"<a href=\"{middle}\"{attributes}>{middle}</a>";
            }
        }

        return middle;
    }

    private static string Shorten(RenderContext context, string text, Value? limit)
    {
        var value = new StringValue(text);
        return limit is null || !Comparison.Evaluate(context, ComparisonOperator.Greater, IntValue.Of(value.CodePoints), limit)
            ? text
            : StringOperations.Slice(context, value, new SliceValue(NoneValue.Instance, limit, NoneValue.Instance)).Text + "...";
    }

    private static string Quote(string text, bool query)
    {
        var quoted = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var character = (char)octet;
            if (char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' or '~' || (character == '/' && !query))
            {
                quoted.Append(character);
            }
            else
            {
                quoted.Append(query && character == ' ' ? "+" : $"%{octet:X2}");
            }
        }

        return quoted.ToString();
    }

    private static int Count(string text, string part) => text.AsSpan().Count(part);

    [GeneratedRegex(@"\s+|\S+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();

    [GeneratedRegex(@"\A(?:[(<]|&lt;)+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeadingPunctuation();

    [GeneratedRegex(@"(?:[)>.,\n]|&gt;)+\z", RegexOptions.CultureInvariant | RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TrailingPunctuation();

    [GeneratedRegex(@"\A[\w.+-]{2,}:/{0,2}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UriScheme();

    [GeneratedRegex(@"\A\S+@\w[\w.-]*\.\w+\n?\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MailAddress();

    /// <summary>Scheme or www with a domain, a domain of the basic suffixes, or a scheme with an IP address.</summary>
    [GeneratedRegex(
        @"\A(?:(?:https?://|www\.)(?:(?:[\w%-]+\.)+)?(?:[a-z]{2,63}|xn--[\w%]{2,59})|(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)|https?://(?:[\d]{1,3}(?:\.[\d]{1,3}){3}|\[(?:[\da-f]{0,4}:){2}(?:[\da-f]{0,4}:?){1,6}\]))(?::[\d]{1,5})?(?:[/?#]\S*)?\n?\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex WebAddress();
}
