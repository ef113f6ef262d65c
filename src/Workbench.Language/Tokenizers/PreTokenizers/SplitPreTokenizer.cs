using Workbench.Language.Tokenizers.Patterns;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.PreTokenizers;

/// <summary>What becomes of a delimiter.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary><c>Split</c>, and every pre-tokenizer that is a split by another name.</summary>
/// <param name="pattern">The delimiter.</param>
/// <param name="behavior">What becomes of it.</param>
/// <param name="invert">The matches are the pieces, what lies between them the delimiters.</param>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert = false) : PreTokenizer
{
    public override bool SplitsBeforeWords => pattern is WordScanner && behavior == SplitBehavior.Isolated;

    public override void Split(in Slice text, PieceChain next)
    {
        var matches = pattern.Matches(text.Span);
        var (from, to) = (0, 0); // a piece that may still grow
        var previous = false;
        while (matches.MoveNext())
        {
            var isDelimiter = matches.IsMatch != invert;
            switch (behavior)
            {
                case SplitBehavior.Removed:
                    if (!isDelimiter)
                    {
                        next.Pass(text.Part(matches.Start, matches.End));
                    }

                    continue;
                case SplitBehavior.Isolated:
                    next.Pass(text.Part(matches.Start, matches.End));
                    continue;
            }

            var grows = behavior switch
            {
                SplitBehavior.Contiguous => isDelimiter == previous,
                SplitBehavior.MergedWithPrevious => isDelimiter && !previous,
                _ => previous && !isDelimiter,
            };
            if (!grows)
            {
                next.Pass(text.Part(from, to));
                from = matches.Start;
            }

            to = matches.End;
            previous = isDelimiter;
        }

        next.Pass(text.Part(from, to));
    }
}
