using System.Text;

namespace Workbench.Web.Api.OpenAi;

/// <summary>Holds back what may become a tool call, so that a stream never shows half of one as text.</summary>
internal sealed class ToolCallHold
{
    private const string Tag = "<tool_call>";
    private static readonly string[] Beginnings = ["[", "{", "<|python_tag|>"];

    private readonly StringBuilder text = new();
    private int released;

    /// <summary>Adds text and returns what is now certain to be none.</summary>
    public string Push(string more)
    {
        text.Append(more);
        var all = text.ToString();
        return Release(all, Certain(all));
    }

    /// <summary>What was held back, once it is known to be no call.</summary>
    public string Rest() => Release(text.ToString(), text.Length);

    private string Release(string all, int end)
    {
        var piece = end > released ? all[released..end] : "";
        released = Math.Max(released, end);
        return piece;
    }

    private static int Certain(string all)
    {
        var start = all.TrimStart();
        if (start.Length == 0 || Array.Exists(Beginnings, sign => start.StartsWith(sign, StringComparison.Ordinal) || sign.StartsWith(start, StringComparison.Ordinal)))
        {
            return 0;
        }

        var tag = all.IndexOf(Tag, StringComparison.Ordinal);
        if (tag >= 0)
        {
            return tag;
        }

        var tail = Math.Min(Tag.Length - 1, all.Length);
        while (tail > 0 && !Tag.StartsWith(all[^tail..], StringComparison.Ordinal))
        {
            tail--;
        }

        return all.Length - tail;
    }
}
