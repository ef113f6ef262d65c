using System.Globalization;
using System.Text;
using Workbench.Language.Chat.Templates;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>Escapes of string literals, as Python's <c>unicode-escape</c> codec resolves them.</summary>
internal static class StringLiteral
{
    public static string Unescape(string body, int line)
    {
        body = SourceText.Normalize(body);
        var at = body.IndexOf('\\', StringComparison.Ordinal);
        if (at < 0)
        {
            return body;
        }

        var text = new StringBuilder(body.Length).Append(body, 0, at);
        while (at < body.Length)
        {
            if (body[at] != '\\')
            {
                text.Append(body[at++]);
                continue;
            }

            at = Escape(body, at + 1, text, line);
        }

        return text.ToString();
    }

    private static int Escape(string body, int at, StringBuilder text, int line)
    {
        var code = body[at++];
        switch (code)
        {
            case '\n': return at;
            case '\\' or '\'' or '"': text.Append(code); return at;
            case 'a': text.Append('\a'); return at;
            case 'b': text.Append('\b'); return at;
            case 'f': text.Append('\f'); return at;
            case 'n': text.Append('\n'); return at;
            case 'r': text.Append('\r'); return at;
            case 't': text.Append('\t'); return at;
            case 'v': text.Append('\v'); return at;
            case >= '0' and <= '7': return Octal(body, at - 1, text);
            case 'x': return Hexadecimal(body, at, 2, @"truncated \xXX escape", text, line);
            case 'u': return Hexadecimal(body, at, 4, @"truncated \uXXXX escape", text, line);
            case 'U': return Hexadecimal(body, at, 8, @"truncated \UXXXXXXXX escape", text, line);
            case 'N': throw NamedCharacter(body, at, line);
            default: text.Append('\\').Append(code); return at;
        }
    }

    private static int Octal(string body, int at, StringBuilder text)
    {
        var value = 0;
        for (var digits = 0; digits < 3 && at < body.Length && body[at] is >= '0' and <= '7'; digits++)
        {
            value = (value * 8) + (body[at++] - '0');
        }

        text.Append((char)value);
        return at;
    }

    private static int Hexadecimal(string body, int at, int digits, string truncated, StringBuilder text, int line)
    {
        if (at + digits > body.Length || !body.AsSpan(at, digits).ContainsOnlyHex())
        {
            throw new TemplateException("TemplateSyntaxError", truncated, line);
        }

        var value = uint.Parse(body.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (value > 0x10FFFF)
        {
            throw new TemplateException("TemplateSyntaxError", "illegal Unicode character", line);
        }

        if (value > 0xFFFF)
        {
            text.Append(char.ConvertFromUtf32((int)value));
        }
        else
        {
            text.Append((char)value);
        }

        return at + digits;
    }

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> digits)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Names of characters are a table of a megabyte that no published template has wanted: they are refused.</summary>
    private static TemplateException NamedCharacter(string body, int at, int line)
    {
        var wellFormed = at + 1 < body.Length && body[at] == '{' && body.IndexOf('}', at) > at + 1;
        return new TemplateException(
            "TemplateSyntaxError",
            wellFormed ? "unknown Unicode character name" : @"malformed \N character escape",
            line);
    }
}
