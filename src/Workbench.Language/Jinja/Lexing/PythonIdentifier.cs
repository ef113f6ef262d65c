using System.Globalization;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>Names: Python's <c>\w</c> and identifier rules (Unicode annex 31).</summary>
internal static class PythonIdentifier
{
    /// <summary>One past the word characters at <paramref name="at"/>.</summary>
    public static int Match(string text, int at)
    {
        while (at < text.Length && (IsAsciiWord(text[at]) || (text[at] >= '\x80' && IsWord(text, at))))
        {
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        }

        return at;
    }

    public static bool IsIdentifier(string name)
    {
        if (char.IsAscii(name[0]))
        {
            return !char.IsAsciiDigit(name[0]);
        }

        return CharUnicodeInfo.GetUnicodeCategory(name, 0) is UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;
    }

    private static bool IsAsciiWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static bool IsWord(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark;
}
