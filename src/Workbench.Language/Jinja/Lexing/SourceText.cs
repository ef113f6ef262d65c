using System.Text;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>
/// A template's text as Jinja2 reads it: newlines made <c>\n</c>, one trailing newline dropped
/// (<c>keep_trailing_newline</c> is off), with the way back from offsets to lines and columns.
/// </summary>
internal sealed class SourceText
{
    private readonly int[] _lineStarts;

    public SourceText(string text)
    {
        Text = Normalize(text);
        if (Text.EndsWith('\n'))
        {
            Text = Text[..^1];
        }

        var starts = new List<int> { 0 };
        for (var at = Text.IndexOf('\n'); at >= 0; at = Text.IndexOf('\n', at + 1))
        {
            starts.Add(at + 1);
        }

        _lineStarts = [.. starts];
    }

    public string Text { get; }

    /// <summary>One-based line and column (UTF-16 units) of an offset.</summary>
    public (int Line, int Column) Position(int offset)
    {
        var index = Array.BinarySearch(_lineStarts, offset);
        var line = index >= 0 ? index : ~index - 1;
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    /// <summary><c>\r\n</c> and <c>\r</c> become <c>\n</c>; nothing else is a line break to Jinja2.</summary>
    public static string Normalize(string text)
    {
        if (!text.Contains('\r', StringComparison.Ordinal))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r')
            {
                builder.Append(text[i]);
                continue;
            }

            builder.Append('\n');
            if (i + 1 < text.Length && text[i + 1] == '\n')
            {
                i++;
            }
        }

        return builder.ToString();
    }
}
