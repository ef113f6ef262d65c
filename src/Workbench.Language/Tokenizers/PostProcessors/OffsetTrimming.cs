namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>Byte-level tokens carry the space before a word; this takes it out of their offsets.</summary>
internal static class OffsetTrimming
{
    public static EncodingPart Trim(EncodingPart part, bool addPrefixSpace, TokenTexts texts)
    {
        if (part.Sequence < 0)
        {
            return part; // special tokens stand for no text
        }

        var text = texts.Texts[part.Sequence];
        var found = new Queue<FoundToken>(part.Found);
        var trimmed = new (int Start, int End)[part.Ids.Length];
        for (var i = 0; i < trimmed.Length; i++)
        {
            var (start, end) = part.Offsets[i];
            var (leading, trailing) = found.TryPeek(out var next) && next.Index == i
                ? found.Dequeue().Space
                : SpaceAround.Of(texts.TokenOf(part.Ids[i], (start, end), part.Sequence));
            var prefixWasAdded = addPrefixSpace && leading == 1 && (i == 0 || start == 0);
            if (!prefixWasAdded)
            {
                start = Forward(text, start, leading, end);
            }

            trimmed[i] = (start, Math.Max(start, Back(text, end, trailing)));
        }

        return part with { Offsets = trimmed };
    }

    private static int Forward(string text, int at, int characters, int end)
    {
        for (; characters > 0 && at < end; characters--)
        {
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1; // the text may hold lone ones
        }

        return Math.Min(at, end);
    }

    /// <summary>So many characters before, or the place itself where the text has not so many.</summary>
    private static int Back(string text, int end, int characters)
    {
        var at = end;
        for (; characters > 0 && at > 0; characters--)
        {
            at -= at > 1 && char.IsSurrogatePair(text[at - 2], text[at - 1]) ? 2 : 1;
        }

        return characters > 0 ? end : at;
    }
}
