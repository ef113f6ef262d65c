using Workbench.Language.Tokenizers.Normalizers;
using Workbench.Language.Tokenizers.Patterns;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.PreTokenizers;

/// <summary>When a word without a space before it is given one.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}

/// <summary><c>Metaspace</c>: sentencepiece's visible spaces, a word beginning at each of them.</summary>
internal sealed class MetaspacePreTokenizer(string replacement, PrependScheme scheme, bool split) : PreTokenizer
{
    private readonly ReplaceNormalizer _spaces = new(new LiteralPattern(" "), replacement);
    private readonly SplitPreTokenizer _words = new(new LiteralPattern(replacement), SplitBehavior.MergedWithNext);

    public override void Split(in Slice text, PieceChain next)
    {
        var replaced = _spaces.Normalize(text);
        if ((scheme == PrependScheme.Always || (scheme == PrependScheme.First && text.Origin == 0))
            && !replaced.Span.StartsWith(replacement, StringComparison.Ordinal))
        {
            replaced = PrependNormalizer.Prepend(replaced, replacement);
        }

        if (split)
        {
            _words.Split(replaced, next);
        }
        else
        {
            next.Pass(replaced);
        }
    }
}
