using System.Buffers;
using System.Text.RegularExpressions;

namespace Workbench.Data.Filters;

/// <summary>
/// Finds personal data by its form, and by its check digits where it has them: numbers that only look like a card or an account are left alone.
/// </summary>
public sealed partial class PersonalDataFinder(IReadOnlyList<string> kinds)
{
    private static readonly (string Kind, Regex Pattern, Func<string, bool> Check)[] Known =
    [
        ("secret", Secret(), _ => true),
        ("email", Email(), _ => true),
        ("iban", Iban(), IsIban),
        ("credit_card", Card(), IsCard),
        ("cn_id", ChineseId(), IsChineseId),
        ("us_ssn", Ssn(), IsSsn),
        ("ip", IpV4(), IsPublicIp),
        ("phone", Phone(), IsPhone),
    ];

    private static readonly SearchValues<char> Telling = SearchValues.Create("@0123456789_-");

    /// <summary>Kinds that can be found; the order in which they are tried.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Known.Select(known => known.Kind)];

    /// <summary>Adds what <paramref name="text"/> holds to the counts.</summary>
    public void Count(string text, IDictionary<string, int> counts)
    {
        if (!MayHold(text))
        {
            return;
        }

        Replace(text, kind => counts[kind] = (counts.TryGetValue(kind, out var count) ? count : 0) + 1);
    }

    /// <summary>The text with [EMAIL], [PHONE] … in place of what was found.</summary>
    public string Redact(string text) => MayHold(text) ? Replace(text, _ => { }) : text;

    /// <summary>All of it has a digit, an at sign, or a secret's dash; many texts have none.</summary>
    private static bool MayHold(string text) => text.AsSpan().ContainsAny(Telling);

    private string Replace(string text, Action<string> found)
    {
        foreach (var (kind, pattern, check) in Known)
        {
            if (kinds.Contains(kind))
            {
                text = pattern.Replace(text, match =>
                {
                    if (!check(match.Value))
                    {
                        return match.Value;
                    }

                    found(kind);
                    return $"[{kind.ToUpperInvariant()}]";
                });
            }
        }

        return text;
    }

    private static int[] Digits(string text) => [.. text.Where(char.IsAsciiDigit).Select(digit => digit - '0')];

    /// <summary>ISO/IEC 7812: Luhn's check digit, 13 to 19 digits, and the first digit of a payment network.</summary>
    private static bool IsCard(string text)
    {
        var digits = Digits(text);
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] * (i % 2 == 0 ? 1 : 2);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return digits.Length is >= 13 and <= 19 && digits[0] is >= 2 and <= 6 && sum % 10 == 0 && digits.Distinct().Count() > 1;
    }

    /// <summary>ISO 13616: the number with its first four characters at the end, letters as 10 to 35, is 1 modulo 97.</summary>
    private static bool IsIban(string text)
    {
        var iban = text.Replace(" ", "", StringComparison.Ordinal);
        if (iban.Length is < 15 or > 34)
        {
            return false;
        }

        var rest = 0;
        foreach (var character in iban[4..] + iban[..4])
        {
            rest = char.IsAsciiDigit(character) ? ((rest * 10) + character - '0') % 97 : ((rest * 100) + char.ToUpperInvariant(character) - 'A' + 10) % 97;
        }

        return rest == 1;
    }

    /// <summary>GB 11643-1999: the last character makes the weighted sum 1 modulo 11.</summary>
    private static bool IsChineseId(string text)
    {
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = weights.Select((weight, i) => weight * (text[i] - '0')).Sum();
        return "10X98765432"[sum % 11] == char.ToUpperInvariant(text[17]);
    }

    /// <summary>Areas 000, 666 and 900 to 999, group 00 and serial 0000 are never given.</summary>
    private static bool IsSsn(string text) =>
        text[..3] is not ("000" or "666") && text[0] != '9' && text[4..6] != "00" && text[7..] != "0000";

    /// <summary>Loopback, private and documentation addresses (RFC 1918, 5737) say nothing about anyone.</summary>
    private static bool IsPublicIp(string text)
    {
        var parts = text.Split('.').Select(part => int.TryParse(part, out var value) ? value : 256).ToArray();
        return parts.All(part => part <= 255)
            && parts is not ([0 or 10 or 127 or 255, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..] or [169, 254, ..] or [>= 224, ..]
                or [192, 0, 2, _] or [198, 51, 100, _] or [203, 0, 113, _] or [_, 0, 0, 0] or [_, _, 0, 0]);
    }

    private static bool IsPhone(string text) => Digits(text).Length is >= 9 and <= 15;

    [GeneratedRegex(@"\b(?:sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{36,}|hf_[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16}|xox[baprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35})(?![A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex(@"\b[A-Za-z0-9._%+-]{1,64}@(?!example\.(?:com|org|net)\b)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Iban();

    [GeneratedRegex(@"(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d.,]?\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Card();

    [GeneratedRegex(@"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex ChineseId();

    [GeneratedRegex(@"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", RegexOptions.CultureInvariant)]
    private static partial Regex Ssn();

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)", RegexOptions.CultureInvariant)]
    private static partial Regex IpV4();

    /// <summary>International with +, North American with its separators, Chinese mobile numbers; bare runs of digits are left alone.</summary>
    [GeneratedRegex(@"(?<![\w.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}|1[3-9]\d{9})(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();
}
