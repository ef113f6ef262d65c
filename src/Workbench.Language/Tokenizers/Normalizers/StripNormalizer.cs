using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary><c>Strip</c>: drops white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override Slice Normalize(in Slice text)
    {
        var span = text.Span;
        var (from, to) = (0, span.Length);
        while (left && from < to && CodePoints.IsWhiteSpace(span[from]))
        {
            from++;
        }

        while (right && to > from && CodePoints.IsWhiteSpace(span[to - 1]))
        {
            to--;
        }

        return from == 0 && to == span.Length ? text : text.Part(from, to);
    }
}
