using System.Text;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Lexing;

/// <summary>Template source with its newlines normalised as Jinja2 does, and the way from an offset to line and column.</summary>
internal sealed class SourceText
{
    private readonly List<int> lineStarts = [0];

    public SourceText(string source)
    {
        // Every newline becomes \n, and one at the very end is dropped.
        var text = source.Contains('\r') ? new StringBuilder(source).Replace("\r\n", "\n").Replace('\r', '\n').ToString() : source;
        Text = text.EndsWith('\n') ? text[..^1] : text;
        for (var index = Text.IndexOf('\n'); index >= 0; index = Text.IndexOf('\n', index + 1))
        {
            lineStarts.Add(index + 1);
        }
    }

    public string Text { get; }

    public TemplatePosition PositionOf(int offset)
    {
        var line = lineStarts.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new TemplatePosition(line + 1, offset - lineStarts[line] + 1);
    }
}
