using System.Globalization;
using System.Text;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>
/// Texts from a grammar over scripts, white space, control characters, marks in any order, emoji sequences, lone surrogates, long
/// runs and the special tokens of a tokenizer, whole and broken.
/// </summary>
internal sealed class RandomTexts(Random random, IReadOnlyList<string> specialTokens)
{
    private static readonly (int First, int Last)[] Scripts =
    [
        ('a', 'z'), ('a', 'z'), ('A', 'Z'), (0xC0, 0x17F), (0x1E00, 0x1EFF), (0x391, 0x3C9), (0x410, 0x44F), (0x531, 0x586), (0x5D0, 0x5EA), (0x620, 0x64A),
        (0x905, 0x939), (0x985, 0x9B9), (0xE01, 0xE3A), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x13A0, 0x13FF), (0x1780, 0x17B3), (0x3041, 0x3096), (0x30A1, 0x30FC),
        (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFB00, 0xFB4F), (0xFDF0, 0xFDFC), (0xFF01, 0xFFDC), (0x10400, 0x1044F), (0x13000, 0x1342E),
        (0x1D400, 0x1D7FF), (0x1E900, 0x1E943), (0x1F100, 0x1F1FF), (0x20000, 0x2A6DF), (0x2F800, 0x2FA1F),
    ];

    private static readonly string[] Spaces =
    [
        " ", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\r", "\t", "\v", "\f", "\u0085", "\u00A0", "\u1680", "\u2003", "\u200B", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF", "\u180E", "\u001C",
    ];

    private static readonly string[] Words =
    [
        "the", "The", "don't", "I'LL", "we're", "'ſ", "'S", "’s", "naïve", "straße", "ﬁn", "İK", "ΑΣ", "Å", "½", "①", "Ⅷ", "㌀", "㍿", "ﷺ", "3.14", "1,000", "x2", "a_b", "C++", "e-mail", "/x/", "=>", "{}", "\\n", "#1",
        "...", "…", "!?", "--", "—", "$5", "€", "`", "^", "~", "¿", "。", "、", "「", "《", "؟", "॥", "�", "▁", "▁▁", "Ġ", "Ċ", "##", "##a", "</w>", "<0x41>", "<0xE4>", "|", "ー", "·", "ª", "ₐ", "̈́", "क़", "𝅘𝅥𝅮", "ｶﾞ", "\u00AD",
    ];

    private static readonly string[] Emoji =
    [
        "👩‍👩‍👧", "🇩🇪", "🇩🇪🇫", "👍🏽", "☃️", "☃︎", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨🏻‍🚀", "❤️‍🔥", "🏳️‍🌈", "\u200D", "\uFE0F", "🏽",
    ];

    private static readonly (int First, int Last)[] Marks = [(0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x64B, 0x65F), (0x93C, 0x94D), (0xE34, 0xE3A), (0x1AB0, 0x1ABE), (0x20D0, 0x20F0), (0x302A, 0x302F), (0x1D165, 0x1D169)];

    private static readonly int[] Zeros = ['0', '0', '0', 0x660, 0x966, 0xE50, 0xFF10, 0x1D7CE];

    /// <summary>The next text.</summary>
    public string Next()
    {
        var text = new StringBuilder();
        for (var left = random.Next(14); left > 0; left--)
        {
            Append(text);
            if (random.Next(3) == 0)
            {
                text.Append(' ');
            }
        }

        return text.ToString();
    }

    /// <summary>A word of one script, or a well-known difficult one.</summary>
    public string Word() => random.Next(3) == 0 ? Pick(Words) : Run(Pick(Scripts), random.Next(1, 9));

    private void Append(StringBuilder text)
    {
        switch (random.Next(24))
        {
            case < 8:
                text.Append(Word());
                break;
            case < 11:
                text.Append(Pick(Spaces));
                break;
            case < 13:
                text.Append(Digits());
                break;
            case < 15:
                AppendMarks(text);
                break;
            case 15:
                text.Append(Pick(Emoji));
                break;
            case 16:
                text.Append(Run((0, 0x1F), 1)).Append(Run((0x7F, 0x9F), random.Next(2)));
                break;
            case 17:
                AppendCodePoint(text, random.Next(0x110000)); // lone surrogates, private use and unassigned ones among them
                break;
            case 18:
                text.Append((char)random.Next(0xD800, 0xE000));
                break;
            case 19:
                text.Append(Hangul());
                break;
            case 20:
                AppendLongRun(text);
                break;
            default:
                text.Append(Special());
                break;
        }
    }

    private string Special()
    {
        if (specialTokens.Count == 0)
        {
            return Pick(Words);
        }

        var token = specialTokens[random.Next(specialTokens.Count)];
        return random.Next(5) switch
        {
            0 => token[..random.Next(token.Length)],
            1 => token[random.Next(token.Length)..],
            2 => token + token,
            3 => token.ToUpper(CultureInfo.InvariantCulture),
            _ => token,
        };
    }

    private void AppendMarks(StringBuilder text)
    {
        text.Append(Run(Pick(Scripts), 1));
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            text.Append(Run(Pick(Marks), 1));
        }
    }

    private void AppendLongRun(StringBuilder text)
    {
        if (random.Next(4) == 0)
        {
            var unit = random.Next(4) switch { 0 => " ", 1 => Pick(Spaces), 2 => Run(Pick(Marks), 1), _ => Word() };
            for (var left = random.Next(2, 400); left > 0; left--)
            {
                text.Append(unit);
            }
        }
    }

    private string Hangul() => Run((0x1100, 0x1112), 1) + Run((0x1161, 0x1175), random.Next(2)) + Run((0x11A8, 0x11C2), random.Next(2));

    private string Digits()
    {
        var zero = Zeros[random.Next(Zeros.Length)];
        return Run((zero, zero + 9), random.Next(1, 7));
    }

    private string Run((int First, int Last) range, int length)
    {
        var text = new StringBuilder();
        for (; length > 0; length--)
        {
            AppendCodePoint(text, random.Next(range.First, range.Last + 1));
        }

        return text.ToString();
    }

    private static void AppendCodePoint(StringBuilder text, int code)
    {
        if (code < 0x10000)
        {
            text.Append((char)code);
        }
        else
        {
            text.Append(char.ConvertFromUtf32(code));
        }
    }

    private T Pick<T>(T[] choices) => choices[random.Next(choices.Length)];
}
