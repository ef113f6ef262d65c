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

    // Classed otherwise than in Unicode 16: the prolonged sound mark by Hugging Face, the others by the older tables that it uses.
    private static readonly Dictionary<int, string> Elsewhere = new()
    {
        [0x30FC] = "han", [0x589] = "common", [0x61C] = "common", [0x953] = "devanagari", [0x954] = "devanagari",
    };

    private static readonly List<string> Names = [.. Scripts.All.Keys.Order(StringComparer.Ordinal)];
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

        if (Elsewhere.TryGetValue(code, out var name))
        {
            return Names.IndexOf(name);
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

    private static (int First, int Last, int Script)[] BuildRanges() =>
    [
        .. Scripts.All.SelectMany(script => script.Value.Select(range => (range.First, range.Last, Names.IndexOf(script.Key is "hiragana" or "katakana" ? "han" : script.Key)))).Order(),
    ];
}
