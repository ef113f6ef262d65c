namespace Workbench.Language.Chat.Masks;

/// <summary>Finds reasoning that stands in the text of an answer between tags, as models write it.</summary>
internal static class ThinkTags
{
    private static readonly (string Open, string Close)[] Pairs =
    [
        ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"), ("<reasoning>", "</reasoning>"),
        ("[THINK]", "[/THINK]"), ("<seed:think>", "</seed:think>"), ("◁think▷", "◁/think▷"), ("<|inner_prefix|>", "<|inner_suffix|>"),
    ];

    /// <summary>The stretches of reasoning in an answer, tags and the white space behind them included.</summary>
    /// <param name="text">The rendered text.</param>
    /// <param name="start">Where the answer begins, text that the template writes before it included.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="own">Where the text begins that the message itself supplied.</param>
    public static List<(int Start, int End)> Find(string text, int start, int end, int own)
    {
        var found = new List<(int Start, int End)>();
        foreach (var (open, close) in Pairs)
        {
            for (var from = start; from < end;)
            {
                var opening = text.IndexOf(open, from, end - from, StringComparison.Ordinal);
                var closing = text.IndexOf(close, from, end - from, StringComparison.Ordinal);
                if (closing < 0)
                {
                    // Without its end a tag counts only where an answer begins: later it may be what the answer talks about.
                    if (opening >= 0 && (opening <= own || string.IsNullOrWhiteSpace(text[own..opening])))
                    {
                        found.Add((opening, end));
                    }

                    break;
                }

                // The generation prompt may have opened the tag, so that the answer only closes it.
                var begin = opening >= 0 && opening < closing ? opening : from;
                from = closing + close.Length;
                while (from < end && char.IsWhiteSpace(text[from]))
                {
                    from++;
                }

                found.Add((begin, from));
            }
        }

        found.Sort();
        return found;
    }
}
