using System.Globalization;
using System.Runtime.CompilerServices;

namespace Workbench.Language.Tokenizers.Text;

/// <summary>
/// Code points of well-formed UTF-16, and the character classes that Hugging Face's components ask for.
/// Text is made well-formed once, on entry (<see cref="WellFormed"/>).
/// </summary>
internal static class CodePoints
{
    private const char Replacement = '\uFFFD';

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int index)
    {
        var c = text[index];
        return char.IsHighSurrogate(c) && index + 1 < text.Length
            ? char.ConvertToUtf32(c, text[index + 1])
            : c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthAt(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? 2 : 1;

    /// <summary>The code point that ends right before <paramref name="index"/>.</summary>
    public static int Before(ReadOnlySpan<char> text, int index)
    {
        var c = text[index - 1];
        return char.IsLowSurrogate(c) && index > 1 ? char.ConvertToUtf32(text[index - 2], c) : c;
    }

    public static int Utf8Length(int codePoint) => codePoint switch
    {
        < 0x80 => 1,
        < 0x800 => 2,
        < 0x10000 => 3,
        _ => 4,
    };

    /// <summary>Every lone surrogate becomes U+FFFD, which is what UTF-8 makes of it; the length stays the same.</summary>
    public static string WellFormed(string text)
    {
        var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (i < 0)
        {
            return text;
        }

        char[]? fixedText = null;
        for (; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }

            fixedText ??= text.ToCharArray();
            fixedText[i] = Replacement;
        }

        return fixedText is null ? text : new string(fixedText);
    }

    public static UnicodeCategory Category(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint);

    /// <summary>Unicode's White_Space, which is what Rust's <c>char::is_whitespace</c> and Oniguruma's <c>\s</c> mean.</summary>
    public static bool IsWhiteSpace(int codePoint) => codePoint < 0x10000 && char.IsWhiteSpace((char)codePoint);

    public static bool IsMark(int codePoint) =>
        Category(codePoint) is >= UnicodeCategory.NonSpacingMark and <= UnicodeCategory.EnclosingMark;

    public static bool IsNumber(int codePoint) =>
        Category(codePoint) is >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber;

    public static bool IsPunctuation(int codePoint) =>
        Category(codePoint) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    public static bool IsAsciiPunctuation(int codePoint) =>
        codePoint is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');

    /// <summary>Lowercase of one code point (simple mapping).</summary>
    public static int ToLower(int codePoint) => codePoint < 0x10000
        ? char.ToLowerInvariant((char)codePoint)
        : System.Text.Rune.ToLowerInvariant(new System.Text.Rune(codePoint)).Value;

    /// <summary>Uppercase of one code point (simple mapping).</summary>
    public static int ToUpper(int codePoint) => codePoint < 0x10000
        ? char.ToUpperInvariant((char)codePoint)
        : System.Text.Rune.ToUpperInvariant(new System.Text.Rune(codePoint)).Value;
}
