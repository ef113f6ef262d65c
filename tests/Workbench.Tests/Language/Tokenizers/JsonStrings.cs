using System.Globalization;
using System.Text;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>Reads a JSON string literal as JavaScript does, so that test data may hold lone surrogates.</summary>
internal static class JsonStrings
{
    public static string Read(string literal)
    {
        var text = new StringBuilder();
        for (var i = 1; i < literal.Length - 1; i++)
        {
            if (literal[i] != '\\')
            {
                text.Append(literal[i]);
                continue;
            }

            i++;
            if (literal[i] == 'u')
            {
                text.Append((char)int.Parse(literal.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(literal[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
            }
        }

        return text.ToString();
    }
}
