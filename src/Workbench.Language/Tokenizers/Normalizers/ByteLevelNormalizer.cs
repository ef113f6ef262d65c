using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary><c>ByteLevel</c>: every UTF-8 byte becomes the printable character that stands for it.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override Slice Normalize(in Slice text) => ToBytes(text);

    public static Slice ToBytes(in Slice text)
    {
        var builder = new AlignedTextBuilder(text);
        var span = text.Span;
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < span.Length; i += CodePoints.LengthAt(span, i))
        {
            var count = new System.Text.Rune(CodePoints.At(span, i)).EncodeToUtf8(bytes);
            builder.Replace(ByteAlphabet.ToCharacter(bytes[0]));
            for (var b = 1; b < count; b++)
            {
                builder.Insert(ByteAlphabet.ToCharacter(bytes[b]));
            }
        }

        return builder.Finish();
    }
}
