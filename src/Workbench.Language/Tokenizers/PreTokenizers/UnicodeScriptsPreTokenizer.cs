using Workbench.Language.Tokenizers.Patterns;
using Workbench.Language.Tokenizers.Text;
using Workbench.Language.Tokenizers.Unicode;

namespace Workbench.Language.Tokenizers.PreTokenizers;

/// <summary>
/// <c>UnicodeScripts</c>: splits where the script changes. A space belongs to whatever stands before it, Japanese kana
/// count as Han; spaces before the first script are lost, as they are with Hugging Face.
/// </summary>
internal sealed class UnicodeScriptsPreTokenizer : PreTokenizer
{
    private const int AnyScript = -1;
    private const int ProlongedSoundMark = 0x30FC;

    private static readonly Lazy<(int First, int Last, int Script)[]> Ranges = new(BuildRanges);

    public override void Split(in Slice text, PieceChain next)
    {
        var span = text.Span;
        var (from, last) = (-1, AnyScript);
        for (var i = 0; i < span.Length; i += CodePoints.LengthAt(span, i))
        {
            var script = ScriptOf(CodePoints.At(span, i));
            if (script == AnyScript)
            {
                continue;
            }

            if (script != last)
            {
                if (from >= 0)
                {
                    next.Pass(text.Part(from, i));
                }

                from = i;
            }

            last = script;
        }

        if (from >= 0)
        {
            next.Pass(text.Part(from, span.Length));
        }
    }

    private static int ScriptOf(int code)
    {
        if (code == ' ' || LegacyClasses.NoScript.Contains(code))
        {
            return AnyScript;
        }

        var ranges = Ranges.Value;
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (code < ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (code > ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return ranges[middle].Script;
            }
        }

        return AnyScript;
    }

    private static (int First, int Last, int Script)[] BuildRanges()
    {
        var names = Scripts.All.Keys.Order(StringComparer.Ordinal).ToList();
        var han = names.IndexOf("han");
        var ranges = new List<(int First, int Last, int Script)>();
        foreach (var (name, parts) in Scripts.All)
        {
            var script = name is "hiragana" or "katakana" ? han : names.IndexOf(name);
            foreach (var (first, last) in parts)
            {
                // The sound mark lies inside a Common range: it is cut out and counted as Han.
                if (first <= ProlongedSoundMark && ProlongedSoundMark <= last)
                {
                    ranges.Add((ProlongedSoundMark, ProlongedSoundMark, han));
                    if (first < ProlongedSoundMark)
                    {
                        ranges.Add((first, ProlongedSoundMark - 1, script));
                    }

                    if (last > ProlongedSoundMark)
                    {
                        ranges.Add((ProlongedSoundMark + 1, last, script));
                    }
                }
                else
                {
                    ranges.Add((first, last, script));
                }
            }
        }

        ranges.Sort();
        return [.. ranges];
    }
}
