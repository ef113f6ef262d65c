namespace Workbench.Language.Chat.Masks;

/// <summary>
/// transformers' own mask from generation spans, as released, its flaw included: a span whose end falls on the first
/// token or on no token at all reaches to the end of the text (huggingface/transformers#47325).
/// </summary>
internal static class AssistantMask
{
    /// <param name="offsets">Code point offsets of the tokens.</param>
    /// <param name="spans">Generation spans in code points.</param>
    public static int[] Build((int Start, int End)[] offsets, IReadOnlyList<(int Start, int End)> spans)
    {
        var mask = new int[offsets.Length];
        foreach (var (start, end) in spans)
        {
            var first = TokenAt(offsets, start);
            if (first < 0)
            {
                break;
            }

            var last = TokenAt(offsets, end - 1);
            var stop = last > 0 ? last + 1 : offsets.Length;
            if (first < stop)
            {
                mask.AsSpan(first..stop).Fill(1);
            }
        }

        return mask;
    }

    private static int TokenAt((int Start, int End)[] offsets, int character) =>
        Array.FindIndex(offsets, o => o.Start <= character && character < o.End);
}
