using System.Collections.Concurrent;
using System.Globalization;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>The named character classes of Oniguruma's Ruby syntax with Unicode rules.</summary>
internal static class NamedSets
{
    private static readonly ConcurrentDictionary<string, CharSet> Cache = new();

    /// <summary>
    /// What the Rust regex crate calls \w (UTS #18): Alphabetic, marks, decimal digits, connectors, joiners. Alphabetic is
    /// letters, letter numbers, some marks and the circled letters.
    /// </summary>
    public static CharSet RustWord { get; } = CharSet.OfCategories(c => c <= UnicodeCategory.LetterNumber || c == UnicodeCategory.ConnectorPunctuation)
        .Union(CharSet.Of((0x200C, 0x200D), (0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)));

    /// <summary>Unicode's White_Space.</summary>
    public static CharSet Space => Get("space");

    /// <summary>Oniguruma's \w inside brackets: what Rust calls one, without the joiners.</summary>
    public static CharSet WordInBrackets => Get("word");

    /// <summary>Oniguruma's \w by itself, and the word of \b: a table of its own adds Latin-1's exponents and fractions.</summary>
    public static CharSet Word { get; } = Get("word").Union(CharSet.Of((0xB2, 0xB3), (0xB9, 0xB9), (0xBC, 0xBE)));

    public static CharSet Digit => Get("nd");

    public static CharSet HexDigit { get; } = CharSet.Of(('0', '9'), ('A', 'F'), ('a', 'f'));

    /// <summary>The class of that name (<c>L</c>, <c>Lu</c>, <c>Letter</c>, <c>Han</c>, <c>alpha</c> …), or null.</summary>
    public static CharSet? Find(string name)
    {
        var key = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (Cache.TryGetValue(key, out var set))
        {
            return set;
        }

        set = Build(key);
        return set is null ? null : Cache.GetOrAdd(key, set);
    }

    private static CharSet Get(string name) => Find(name)!;

    private static CharSet? Build(string name) => name switch
    {
        "any" => CharSet.Any,
        "ascii" => CharSet.Of((0, 0x7F)),
        "space" or "whitespace" => CharSet.Where(CodePoints.IsWhiteSpace),
        "blank" => CharSet.Where(c => c == '\t' || CodePoints.Category(c) == UnicodeCategory.SpaceSeparator),
        "word" => RustWord.Intersect(CharSet.Of((0x200C, 0x200D)).Complement()),
        "rustword" => RustWord,
        "alnum" => CharSet.OfCategories(c => c <= UnicodeCategory.OtherLetter || IsMark(c) || c == UnicodeCategory.DecimalDigitNumber),
        "digit" => Find("nd"),
        "xdigit" => HexDigit,
        "upper" => Find("lu"),
        "lower" => Find("ll"),
        "cntrl" => Find("cc"),
        "l" or "letter" => CharSet.OfCategories(c => c <= UnicodeCategory.OtherLetter),
        "l&" or "lc" or "casedletter" => CharSet.OfCategories(c => c <= UnicodeCategory.TitlecaseLetter),
        "m" or "mark" => CharSet.OfCategories(IsMark),
        "n" or "number" => CharSet.OfCategories(c => c is >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber),
        "p" or "punct" or "punctuation" => CharSet.Where(CodePoints.IsPunctuation),
        "s" or "symbol" => CharSet.OfCategories(c => c is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol),
        "z" or "separator" => CharSet.OfCategories(c => c is >= UnicodeCategory.SpaceSeparator and <= UnicodeCategory.ParagraphSeparator),
        "c" or "other" => CharSet.OfCategories(c => c is (>= UnicodeCategory.Control and <= UnicodeCategory.PrivateUse) or UnicodeCategory.OtherNotAssigned),
        _ => Category(name) is { } category ? CharSet.OfCategories(c => c == category) : Scripts.Find(name),
    };

    private static bool IsMark(UnicodeCategory category) =>
        category is >= UnicodeCategory.NonSpacingMark and <= UnicodeCategory.EnclosingMark;

    private static UnicodeCategory? Category(string name) => name switch
    {
        "lu" or "uppercaseletter" => UnicodeCategory.UppercaseLetter,
        "ll" or "lowercaseletter" => UnicodeCategory.LowercaseLetter,
        "lt" or "titlecaseletter" => UnicodeCategory.TitlecaseLetter,
        "lm" or "modifierletter" => UnicodeCategory.ModifierLetter,
        "lo" or "otherletter" => UnicodeCategory.OtherLetter,
        "mn" or "nonspacingmark" => UnicodeCategory.NonSpacingMark,
        "mc" or "spacingmark" => UnicodeCategory.SpacingCombiningMark,
        "me" or "enclosingmark" => UnicodeCategory.EnclosingMark,
        "nd" or "decimalnumber" => UnicodeCategory.DecimalDigitNumber,
        "nl" or "letternumber" => UnicodeCategory.LetterNumber,
        "no" or "othernumber" => UnicodeCategory.OtherNumber,
        "pc" or "connectorpunctuation" => UnicodeCategory.ConnectorPunctuation,
        "pd" or "dashpunctuation" => UnicodeCategory.DashPunctuation,
        "ps" or "openpunctuation" => UnicodeCategory.OpenPunctuation,
        "pe" or "closepunctuation" => UnicodeCategory.ClosePunctuation,
        "pi" or "initialpunctuation" => UnicodeCategory.InitialQuotePunctuation,
        "pf" or "finalpunctuation" => UnicodeCategory.FinalQuotePunctuation,
        "po" or "otherpunctuation" => UnicodeCategory.OtherPunctuation,
        "sm" or "mathsymbol" => UnicodeCategory.MathSymbol,
        "sc" or "currencysymbol" => UnicodeCategory.CurrencySymbol,
        "sk" or "modifiersymbol" => UnicodeCategory.ModifierSymbol,
        "so" or "othersymbol" => UnicodeCategory.OtherSymbol,
        "zs" or "spaceseparator" => UnicodeCategory.SpaceSeparator,
        "zl" or "lineseparator" => UnicodeCategory.LineSeparator,
        "zp" or "paragraphseparator" => UnicodeCategory.ParagraphSeparator,
        "cc" or "control" => UnicodeCategory.Control,
        "cf" or "format" => UnicodeCategory.Format,
        "co" or "privateuse" => UnicodeCategory.PrivateUse,
        "cn" or "unassigned" => UnicodeCategory.OtherNotAssigned,
        _ => null,
    };
}
