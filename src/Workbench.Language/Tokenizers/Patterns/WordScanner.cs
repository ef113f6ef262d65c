using System.Globalization;
using System.Runtime.CompilerServices;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>
/// The patterns of GPT-2 and of cl100k, Llama 3 and Qwen written out as a scanner, because splitting by them is half of
/// the work of tokenizing. Its matches are those of the regular expression (the tests compare the two); it covers every
/// text without gaps.
/// </summary>
/// <param name="classic">GPT-2's form; else the later one with case-insensitive contractions and newline rules.</param>
/// <param name="maxDigits">Digits that form one word.</param>
internal sealed class WordScanner(bool classic, int maxDigits) : TextPattern
{
    private const byte Other = 0, Letter = 1, Number = 2, Space = 3;

    private static readonly byte[] Classes = BuildClasses();

    public override bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = from;
        end = from < text.Length ? (classic ? NextClassic(text, from) : Next(text, from)) : from;
        return from < text.Length;
    }

    /// <summary><c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c></summary>
    private int Next(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (c == '\'' && Contraction(text, at) is > 0 and var length)
        {
            return at + length;
        }

        var kind = ClassAt(text, at, out var after);
        switch (kind)
        {
            case Letter:
                return Run(text, after, Letter);
            case Number:
                for (var digits = 1; digits < maxDigits && after < text.Length && ClassAt(text, after, out var next) == Number; digits++)
                {
                    after = next;
                }

                return after;
        }

        if (c is not ('\r' or '\n') && after < text.Length && ClassAt(text, after, out var second) == Letter)
        {
            return Run(text, second, Letter);
        }

        var word = c == ' ' ? after : at;
        if (word < text.Length && ClassAt(text, word, out var afterFirst) == Other)
        {
            var end = Run(text, afterFirst, Other);
            while (end < text.Length && text[end] is '\r' or '\n')
            {
                end++;
            }

            return end;
        }

        var run = Run(text, after, Space);
        var newline = text[at..run].LastIndexOfAny('\r', '\n');
        return newline >= 0 ? at + newline + 1 : BeforeWord(text, at, run);
    }

    /// <summary><c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c></summary>
    private static int NextClassic(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == '\'' && ClassicContraction(text[(at + 1)..]) is > 0 and var length)
        {
            return at + length;
        }

        var word = text[at] == ' ' && at + 1 < text.Length ? at + 1 : at;
        var kind = ClassAt(text, word, out var after);
        return kind != Space ? Run(text, after, kind) : BeforeWord(text, at, Run(text, word, Space));
    }

    /// <summary>White space leaves its last character to the word behind it.</summary>
    private static int BeforeWord(ReadOnlySpan<char> text, int at, int run) => run == text.Length || run - at < 2 ? run : run - 1;

    private static int ClassicContraction(ReadOnlySpan<char> rest) =>
        rest.IsEmpty ? 0
        : rest[0] is 's' or 't' or 'm' or 'd' ? 2
        : rest.Length > 1 && (rest[0], rest[1]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3
        : 0;

    private static int Contraction(ReadOnlySpan<char> text, int at)
    {
        var rest = text[(at + 1)..];
        if (rest.IsEmpty)
        {
            return 0;
        }

        // The long s is an s to a case-insensitive Oniguruma.
        if ((rest[0] | 0x20) is 's' or 't' or 'm' or 'd' && char.IsAsciiLetter(rest[0]) || rest[0] == '\u017F')
        {
            return 2;
        }

        return rest.Length > 1 && char.IsAsciiLetter(rest[0]) && char.IsAsciiLetter(rest[1])
            && ((char)(rest[0] | 0x20), (char)(rest[1] | 0x20)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int Run(ReadOnlySpan<char> text, int at, byte kind)
    {
        var classes = Classes;
        while (at < text.Length)
        {
            var c = text[at];
            if (!char.IsSurrogate(c))
            {
                if (classes[c] != kind)
                {
                    break;
                }

                at++;
            }
            else if (ClassAt(text, at, out var after) == kind)
            {
                at = after;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ClassAt(ReadOnlySpan<char> text, int at, out int after)
    {
        var c = text[at];
        if (!char.IsSurrogate(c))
        {
            after = at + 1;
            return Classes[c];
        }

        after = at + CodePoints.LengthAt(text, at);
        return Classify(CodePoints.At(text, at));
    }

    private static byte Classify(int code) =>
        CodePoints.IsWhiteSpace(code) ? Space : CodePoints.Category(code) switch
        {
            <= UnicodeCategory.OtherLetter => Letter,
            >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => Number,
            _ => Other,
        };

    private static byte[] BuildClasses()
    {
        var classes = new byte[0x10000];
        for (var code = 0; code < classes.Length; code++)
        {
            classes[code] = Classify(code);
        }

        return classes;
    }
}
