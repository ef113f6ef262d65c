namespace Workbench.Language.Jinja.Values;

/// <summary>
/// Ordinal search in strings that a template may have built to be slow: where text and pattern are both long, the framework's
/// search can take their product in time, Knuth-Morris-Pratt never more than their sum.
/// </summary>
internal static class TextSearch
{
    private const int LongPattern = 64;
    private const long QuadraticFrom = 10_000_000;

    public static bool Contains(string text, string part) => IndexOf(text, part, 0, text.Length) >= 0;

    /// <summary>First occurrence within [start, end), or -1.</summary>
    public static int IndexOf(ReadOnlySpan<char> text, string part, int start, int end)
    {
        if (part.Length < LongPattern || (long)(end - start) * part.Length < QuadraticFrom)
        {
            var found = text[start..end].IndexOf(part);
            return found < 0 ? -1 : start + found;
        }

        var failure = Failure(part);
        var matched = 0;
        for (var index = start; index < end; index++)
        {
            if (Advance(part, failure, text[index], ref matched))
            {
                return index - part.Length + 1;
            }
        }

        return -1;
    }

    /// <summary>Last occurrence within [start, end), or -1.</summary>
    public static int LastIndexOf(ReadOnlySpan<char> text, string part, int start, int end)
    {
        if (part.Length < LongPattern || (long)(end - start) * part.Length < QuadraticFrom)
        {
            var found = text[start..end].LastIndexOf(part);
            return found < 0 ? -1 : part.Length == 0 ? end : start + found;
        }

        var failure = Failure(part);
        var matched = 0;
        var last = -1;
        for (var index = start; index < end; index++)
        {
            if (Advance(part, failure, text[index], ref matched))
            {
                last = index - part.Length + 1;
                matched = failure[^1];
            }
        }

        return last;
    }

    private static bool Advance(string part, int[] failure, char character, ref int matched)
    {
        while (matched > 0 && part[matched] != character)
        {
            matched = failure[matched - 1];
        }

        matched += part[matched] == character ? 1 : 0;
        return matched == part.Length;
    }

    /// <summary>For each prefix the length of its longest proper border.</summary>
    private static int[] Failure(string part)
    {
        var failure = new int[part.Length];
        for (int index = 1, length = 0; index < part.Length; index++)
        {
            while (length > 0 && part[index] != part[length])
            {
                length = failure[length - 1];
            }

            length += part[index] == part[length] ? 1 : 0;
            failure[index] = length;
        }

        return failure;
    }
}
