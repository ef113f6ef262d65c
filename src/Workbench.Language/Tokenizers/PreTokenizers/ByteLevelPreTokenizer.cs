using Workbench.Language.Tokenizers.Normalizers;
using Workbench.Language.Tokenizers.Patterns;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.PreTokenizers;

/// <summary><c>ByteLevel</c>: GPT-2's split, then every byte becomes a printable character.</summary>
/// <param name="addPrefixSpace">Puts a space in front of text that begins with none.</param>
/// <param name="useRegex">Splits by GPT-2's pattern.</param>
/// <param name="writeBytes">Writes the byte characters; false where the model reads UTF-8 by itself.</param>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex, bool writeBytes) : PreTokenizer
{
    private static readonly TextPattern Gpt2 = KnownPatterns.Find(KnownPatterns.Gpt2) ?? RegexPattern.Parse(KnownPatterns.Gpt2);

    public override bool SplitsBeforeWords => useRegex;

    /// <summary>The same, without writing the byte characters.</summary>
    public ByteLevelPreTokenizer WithoutWriting() => new(addPrefixSpace, useRegex, writeBytes: false);

    public override void Split(in Slice text, PieceChain next)
    {
        var prefixed = addPrefixSpace && text.Span[0] != ' ' ? PrependNormalizer.Prepend(text, " ") : text;
        if (!useRegex)
        {
            next.Pass(Written(prefixed));
            return;
        }

        var matches = Gpt2.Matches(prefixed.Span);
        while (matches.MoveNext())
        {
            next.Pass(Written(prefixed.Part(matches.Start, matches.End)));
        }
    }

    private Slice Written(in Slice piece) => writeBytes ? ByteLevelNormalizer.ToBytes(piece) : piece;
}
