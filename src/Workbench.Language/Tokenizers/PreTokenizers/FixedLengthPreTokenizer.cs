using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.PreTokenizers;

/// <summary><c>FixedLength</c>: pieces of so many characters each.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : PreTokenizer
{
    public override void Split(in Slice text, PieceChain next)
    {
        var span = text.Span;
        var (from, count) = (0, 0);
        for (var i = 0; i < span.Length; i += CodePoints.LengthAt(span, i))
        {
            if (count == length)
            {
                next.Pass(text.Part(from, i));
                (from, count) = (i, 0);
            }

            count++;
        }

        next.Pass(text.Part(from, span.Length));
    }
}
