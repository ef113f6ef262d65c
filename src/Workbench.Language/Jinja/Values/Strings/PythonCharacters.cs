using System.Globalization;
using System.Text;

namespace Workbench.Language.Jinja.Values;

/// <summary>Python's classes of characters where they differ from .NET's.</summary>
internal static class PythonCharacters
{
    /// <summary><c>str.isspace</c>: Unicode white space and the four separators of ASCII.</summary>
    public static bool IsSpace(char character) => character <= ' '
        ? character is ' ' or (>= '\t' and <= '\r') or (>= '\x1c' and <= '\x1f')
        : character >= 0x85 && char.IsWhiteSpace(character);

    /// <summary>What <c>str.splitlines</c> ends a line at.</summary>
    public static bool IsLineBreak(char character) =>
        character is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029';

    public static bool IsAlpha(int codePoint) => Category(codePoint) <= UnicodeCategory.OtherLetter;

    public static bool IsDecimal(int codePoint) => Category(codePoint) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsDigit(int codePoint) => IsDecimal(codePoint)
        || (CharUnicodeInfo.GetDigitValue(char.ConvertFromUtf32(Valid(codePoint)), 0) >= 0 && codePoint > 0x7F);

    public static bool IsNumeric(int codePoint) =>
        CharUnicodeInfo.GetNumericValue(char.ConvertFromUtf32(Valid(codePoint)), 0) >= 0
        || Category(codePoint) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        || IdeographicNumbers.Contains(codePoint);

    public static bool IsAlnum(int codePoint) => IsAlpha(codePoint) || IsDigit(codePoint) || IsNumeric(codePoint);

    /// <summary>Word characters of Python's <c>re</c>: letters, digits and the underscore.</summary>
    public static bool IsWord(int codePoint) => codePoint == '_' || IsAlnum(codePoint);

    public static bool IsLower(int codePoint) => Category(codePoint) == UnicodeCategory.LowercaseLetter || codePoint is 0xAA or 0xBA
        or (>= 0x2B0 and <= 0x2B8) or 0x2C0 or 0x2C1 or (>= 0x2E0 and <= 0x2E4) or 0x345 or 0x37A or (>= 0x1D2C and <= 0x1D6A)
        or 0x1D78 or (>= 0x1D9B and <= 0x1DBF) or 0x2071 or 0x207F or (>= 0x2090 and <= 0x209C) or (>= 0x2170 and <= 0x217F)
        or (>= 0x24D0 and <= 0x24E9) or 0x2C7C or 0x2C7D or 0xA69C or 0xA69D or 0xA770 or 0xA7F8 or 0xA7F9
        or (>= 0xAB5C and <= 0xAB5F);

    public static bool IsUpper(int codePoint) => Category(codePoint) == UnicodeCategory.UppercaseLetter
        || codePoint is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF) or (>= 0x1F130 and <= 0x1F149)
        or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    public static bool IsTitle(int codePoint) => Category(codePoint) == UnicodeCategory.TitlecaseLetter;

    public static bool IsCased(int codePoint) => IsLower(codePoint) || IsUpper(codePoint) || IsTitle(codePoint);

    /// <summary>Characters that a final sigma looks through: Unicode's Case_Ignorable, in the classes that hold it.</summary>
    public static bool IsCaseIgnorable(int codePoint) => codePoint is '\'' or '.' or ':' or '^' or '`' or 0xA8 or 0xAD or 0xAF
        or 0xB4 or 0xB7 or 0xB8 or 0x2018 or 0x2019 or 0x2024 or 0x2027
        || Category(codePoint) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    /// <summary>The code points of a text; a surrogate without partner stands for itself.</summary>
    public static IEnumerable<(int CodePoint, int Start, int Length)> Enumerate(string text)
    {
        for (var index = 0; index < text.Length;)
        {
            var length = index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
            yield return (length == 2 ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index], index, length);
            index += length;
        }
    }

    public static bool All(string text, Func<int, bool> test)
    {
        foreach (var (codePoint, _, _) in Enumerate(text))
        {
            if (!test(codePoint))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    private static readonly HashSet<int> IdeographicNumbers =
    [
        .. "一二三四五六七八九十百千万亿億零〇壹贰叁肆伍陆柒捌玖拾佰仟萬兆京垓廿卅卌弌弍弎參叄叅貮貳陸陌阡漆什仨".EnumerateRunes().Select(rune => rune.Value),
    ];

    private static UnicodeCategory Category(int codePoint) =>
        codePoint is >= 0xD800 and <= 0xDFFF ? UnicodeCategory.Surrogate : CharUnicodeInfo.GetUnicodeCategory(codePoint);

    private static int Valid(int codePoint) => Rune.IsValid(codePoint) ? codePoint : 0xFFFD;
}
