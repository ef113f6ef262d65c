using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>Byte-level tokens carry the space before a word; this takes it out of their offsets.</summary>
internal static class OffsetTrimming
{
    public static EncodingPart Trim(EncodingPart part, bool addPrefixSpace, TokenTexts texts)
    {
        var trimmed = new (int Start, int End)[part.Ids.Length];
        for (var i = 0; i < trimmed.Length; i++)
        {
            var (start, end) = part.Offsets[i];
            var token = texts.TokenOf(part.Ids[i], (start, end), part.Sequence);
            var (leading, trailing) = (CountLeading(token), CountTrailing(token));
            if (leading > 0)
            {
                if (addPrefixSpace && leading == 1 && (i == 0 || start == 0))
                {
                    leading = 0; // that one was put there by the pre-tokenizer, it is not in the text
                }

                start = Math.Min(start + leading, end);
            }

            if (trailing > 0 && end >= trailing)
            {
                end = Math.Max(end - trailing, start);
            }

            trimmed[i] = (start, end);
        }

        return part with { Offsets = trimmed };
    }

    private static int CountLeading(string token)
    {
        var count = 0;
        while (count < token.Length && IsSpace(token[count]))
        {
            count++;
        }

        return count;
    }

    private static int CountTrailing(string token)
    {
        var count = 0;
        while (count < token.Length && IsSpace(token[^(count + 1)]))
        {
            count++;
        }

        return count;
    }

    private static bool IsSpace(char c) => c == ByteAlphabet.ToCharacter((byte)' ') || char.IsWhiteSpace(c);
}
