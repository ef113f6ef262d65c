using Workbench.Language.Tokenizers.Patterns;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary><c>Replace</c>: every match of a pattern becomes a fixed text, aligned to the match's last character.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override Slice Normalize(in Slice text)
    {
        var span = text.Span;
        if (!pattern.Find(span, 0, out _, out _))
        {
            return text;
        }

        var builder = new AlignedTextBuilder(text);
        var matches = pattern.Matches(span);
        while (matches.MoveNext())
        {
            if (!matches.IsMatch)
            {
                builder.CopyTo(matches.End);
                continue;
            }

            builder.SkipTo(matches.End);
            for (var i = 0; i < content.Length; i += CodePoints.LengthAt(content, i))
            {
                builder.Insert(CodePoints.At(content, i));
            }
        }

        return builder.Finish();
    }
}
