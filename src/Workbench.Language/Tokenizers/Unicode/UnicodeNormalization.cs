using Workbench.Language.Tokenizers.Text;
using static Workbench.Language.Tokenizers.Unicode.NormalizationData;

namespace Workbench.Language.Tokenizers.Unicode;

/// <summary>
/// UAX #15 with the alignment that Hugging Face's tokenizers report: the parts of a decomposed character all belong to
/// it, a composed one belongs to the first of those it was made of.
/// </summary>
internal static class UnicodeNormalization
{
    public static Slice Normalize(in Slice text, NormalizationForm form)
    {
        if (!MayChange(text.Span, form))
        {
            return text;
        }

        var decomposed = Decompose(text.Span, form is NormalizationForm.Nfkc or NormalizationForm.Nfkd);
        var builder = new AlignedTextBuilder(text);
        if (form is NormalizationForm.Nfc or NormalizationForm.Nfkc)
        {
            Recompose(decomposed, ref builder);
        }
        else
        {
            foreach (var (code, change, _) in decomposed)
            {
                builder.Apply(code, change);
            }
        }

        return builder.Finish();
    }

    private static bool MayChange(ReadOnlySpan<char> text, NormalizationForm form)
    {
        // Below U+0300 the canonical composition is the identity, below U+00A0 every form is (UAX #15, section 9).
        var first = form == NormalizationForm.Nfc ? '\u0300' : '\u00A0';
        var i = text.IndexOfAnyInRange(first, '\uFFFF');
        if (i < 0)
        {
            return false;
        }

        for (; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var code = CodePoints.At(text, i);
            if (code >= first
                && ((code is >= SBase and < SBase + SCount && form is NormalizationForm.Nfd or NormalizationForm.Nfkd)
                    || Shared.MayChange(code, form)))
            {
                return true;
            }
        }

        return false;
    }

    private static List<(int Code, int Change, byte Class)> Decompose(ReadOnlySpan<char> text, bool compatible)
    {
        var output = new List<(int Code, int Change, byte Class)>(text.Length + 16);
        var pending = 0; // where the run of non-starters that still may be reordered begins
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var code = CodePoints.At(text, i);
            if (code is >= SBase and < SBase + SCount)
            {
                var index = code - SBase;
                Add(LBase + (index / (VCount * TCount)), 0);
                Add(VBase + (index % (VCount * TCount) / TCount), 1);
                if (index % TCount != 0)
                {
                    Add(TBase + (index % TCount), 1);
                }
            }
            else if (code < 0xA0 || Shared.Decomposition(code, compatible) is not { } parts)
            {
                Add(code, 0);
            }
            else
            {
                for (var p = 0; p < parts.Length; p++)
                {
                    Add(parts[p], p == 0 ? 0 : 1);
                }
            }
        }

        Sort();
        return output;

        void Add(int code, int change)
        {
            var combiningClass = Shared.CombiningClass(code);
            if (combiningClass == 0)
            {
                Sort();
            }

            output.Add((code, change, combiningClass));
            if (combiningClass == 0)
            {
                pending = output.Count;
            }
        }

        void Sort()
        {
            if (output.Count - pending > 1)
            {
                // Stable by class (canonical ordering, The Unicode Standard, D109).
                var run = output.GetRange(pending, output.Count - pending).OrderBy(c => c.Class).ToArray();
                for (var r = 0; r < run.Length; r++)
                {
                    output[pending + r] = run[r];
                }
            }

            pending = output.Count;
        }
    }

    /// <summary>Canonical composition (The Unicode Standard, D117) in one pass.</summary>
    private static void Recompose(List<(int Code, int Change, byte Class)> input, ref AlignedTextBuilder builder)
    {
        var starter = (Code: -1, Change: 0);
        var blocked = new List<(int Code, int Change)>();
        var lastClass = -1; // class of the last mark that stays between the starter and here; -1 where there is none
        foreach (var (code, change, combiningClass) in input)
        {
            if (starter.Code < 0)
            {
                if (combiningClass != 0)
                {
                    builder.Apply(code, change);
                }
                else
                {
                    starter = (code, change);
                }

                continue;
            }

            var composite = lastClass < combiningClass ? Shared.Compose(starter.Code, code) : -1;
            if (composite >= 0)
            {
                starter = (composite, starter.Change + change - 1);
            }
            else if (combiningClass == 0)
            {
                Flush(ref builder);
                starter = (code, change);
                lastClass = -1;
            }
            else
            {
                blocked.Add((code, change));
                lastClass = combiningClass;
            }
        }

        if (starter.Code >= 0)
        {
            Flush(ref builder);
        }

        void Flush(ref AlignedTextBuilder target)
        {
            target.Apply(starter.Code, starter.Change);
            foreach (var (code, change) in blocked)
            {
                target.Apply(code, change);
            }

            blocked.Clear();
        }
    }
}
