using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary><c>Prepend</c>: puts a text in front, unless there is nothing to put it in front of.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override Slice Normalize(in Slice text) => Prepend(text, prefix);

    /// <summary>The prefix and the first character share the first character's place, as Hugging Face aligns them.</summary>
    public static Slice Prepend(in Slice text, string prefix)
    {
        if (text.Length == 0 || prefix.Length == 0)
        {
            return text;
        }

        var builder = new AlignedTextBuilder(text);
        builder.Replace(CodePoints.At(prefix, 0));
        for (var i = CodePoints.LengthAt(prefix, 0); i < prefix.Length; i += CodePoints.LengthAt(prefix, i))
        {
            builder.Insert(CodePoints.At(prefix, i));
        }

        builder.Insert(CodePoints.At(text.Span, 0));
        builder.CopyTo(text.Length);
        return builder.Finish();
    }
}
