using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>
/// An added token that was cut out of the text. It says what it matched, the white space that it took along included, where a
/// token of the model says what the vocabulary spells.
/// </summary>
/// <param name="Index">Which token of the encoding it is.</param>
/// <param name="Space">White space at the ends of what it matched.</param>
internal readonly record struct FoundToken(int Index, SpaceAround Space);

/// <summary>How many characters at each end of a token are white space, the byte-level spelling of the space among them.</summary>
internal readonly record struct SpaceAround(int Leading, int Trailing)
{
    public static SpaceAround Of(ReadOnlySpan<char> token)
    {
        var (leading, trailing) = (0, 0);
        while (leading < token.Length && IsSpace(token[leading]))
        {
            leading++;
        }

        while (trailing < token.Length && IsSpace(token[^(trailing + 1)]))
        {
            trailing++;
        }

        return new SpaceAround(leading, trailing);
    }

    private static bool IsSpace(char c) => c == ByteAlphabet.ToCharacter((byte)' ') || char.IsWhiteSpace(c);
}
