using Workbench.Language.Tokenizers.AddedTokens;
using Workbench.Language.Tokenizers.Normalizers;
using Workbench.Language.Tokenizers.PreTokenizers;

namespace Workbench.Language.Tokenizers;

/// <summary>
/// Cuts a long document into stretches that give the same tokens alone as in the whole, so that all cores work on one document
/// and only the stretches in work are held in normalized form.
/// </summary>
/// <remarks>
/// The place: between an ASCII letter and a space that an ASCII letter follows. No known word pattern has a match with a letter
/// before a space (its words are runs of letters), none of Unicode's normal forms looks across a space, and the conditions of
/// <see cref="CanBeCut"/> keep added tokens away.
/// </remarks>
internal static class LongText
{
    /// <summary>UTF-16 units of a stretch; a shorter text is not cut.</summary>
    public const int Stretch = 1 << 19;

    public static bool CanBeCut(AddedVocabulary added, Normalizer? normalizer, PreTokenizer[] preTokenizers) =>
        normalizer is null or UnicodeFormNormalizer
        && preTokenizers is [{ SplitsBeforeWords: true }, ..]
        && added.Tokens.All(token => !token.Content.Any(char.IsWhiteSpace) && !(token.RightStrip && char.IsAsciiLetter(token.Content[^1])));

    /// <summary>The stretches of a text, in order and without gaps; a text without a place to cut at is one stretch.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stretch">UTF-16 units that each stretch but the last has at least.</param>
    public static List<(int From, int To)> Cut(ReadOnlySpan<char> text, int stretch = Stretch)
    {
        var stretches = new List<(int From, int To)>((text.Length / stretch) + 1);
        var from = 0;
        while (text.Length - from > stretch && NextPlace(text, from + stretch) is var place && place < text.Length)
        {
            stretches.Add((from, place));
            from = place;
        }

        stretches.Add((from, text.Length));
        return stretches;
    }

    private static int NextPlace(ReadOnlySpan<char> text, int at)
    {
        for (; at + 1 < text.Length; at++)
        {
            var space = text[at..].IndexOf(' ');
            if (space < 0)
            {
                return text.Length;
            }

            at += space;
            if (at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]) && char.IsAsciiLetter(text[at - 1]))
            {
                return at;
            }
        }

        return text.Length;
    }
}
