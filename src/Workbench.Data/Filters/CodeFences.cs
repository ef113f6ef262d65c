using System.Text;

namespace Workbench.Data.Filters;

/// <summary>Markdown's fenced code blocks (CommonMark 4.5).</summary>
internal static class CodeFences
{
    /// <summary>The text without its code.</summary>
    public static string Remove(string text) =>
        text.Contains("```", StringComparison.Ordinal) || text.Contains("~~~", StringComparison.Ordinal) ? Split(text).Prose : text;

    /// <summary>Prose, and each block with what stands behind its opening fence; the last block may be open.</summary>
    public static (string Prose, List<(string Info, string Code)> Blocks, bool Open) Split(string text)
    {
        var prose = new StringBuilder();
        var blocks = new List<(string, string)>();
        var code = new StringBuilder();
        string? fence = null;
        var info = "";
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.Trim();
            if (fence is null)
            {
                if (Fence(trimmed) is { } opening)
                {
                    (fence, info) = (opening, trimmed[opening.Length..].Trim());
                    code.Clear();
                }
                else
                {
                    prose.Append(line).Append('\n');
                }
            }
            else if (Fence(trimmed) is { } closing && closing[0] == fence[0] && closing.Length >= fence.Length && closing.Length == trimmed.Length)
            {
                blocks.Add((info, code.ToString()));
                fence = null;
            }
            else
            {
                code.Append(line).Append('\n');
            }
        }

        if (fence is not null)
        {
            blocks.Add((info, code.ToString()));
        }

        return (prose.ToString(), blocks, fence is not null);
    }

    /// <summary>The run of three or more backticks or tildes that opens a line; backticks may not follow within it.</summary>
    private static string? Fence(string line)
    {
        if (line.Length < 3 || line[0] is not ('`' or '~'))
        {
            return null;
        }

        var end = 1;
        while (end < line.Length && line[end] == line[0])
        {
            end++;
        }

        return end >= 3 && (line[0] == '~' || !line.AsSpan(end).Contains('`')) ? line[..end] : null;
    }
}
