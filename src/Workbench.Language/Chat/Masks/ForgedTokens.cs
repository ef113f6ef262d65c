using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Masks;

/// <summary>Finds user-supplied text that tokenizing turns into special tokens: text that can end a turn or begin another.</summary>
internal static class ForgedTokens
{
    /// <summary>A finding reported for more places than this would say nothing new.</summary>
    private const int MaxReported = 100;

    /// <summary>The special tokens that touch data.</summary>
    public static List<int> Find(TokenEncoding encoding, PretrainedTokenizer tokenizer, IReadOnlyList<(int Start, int End)> data)
    {
        var forged = new List<int>();
        var next = 0;
        for (var i = 0; i < encoding.Ids.Length && next < data.Count; i++)
        {
            var (start, end) = encoding.CharOffsets[i];
            while (next < data.Count && data[next].End <= start)
            {
                next++;
            }

            // lstrip and rstrip tokens carry white space along that is no part of their spelling.
            if (next < data.Count && data[next].Start < end && tokenizer.Tokenizer.IsSpecial(encoding.Ids[i])
                && Spelling(encoding, i) is var (from, to) && data.Skip(next).TakeWhile(d => d.Start < to).Any(d => d.End > from))
            {
                forged.Add(i);
            }
        }

        return forged;
    }

    /// <summary>One finding for each place.</summary>
    /// <param name="findings">Where to add them.</param>
    /// <param name="encoding">The encoding in which the tokens were recognised.</param>
    /// <param name="forged">Those tokens.</param>
    /// <param name="map">Where the text came from.</param>
    /// <param name="recognized">Whether they are special in the final encoding, too.</param>
    public static void Report(List<MaskFinding> findings, TokenEncoding encoding, List<int> forged, SourceMap map, bool recognized)
    {
        foreach (var token in forged.Take(MaxReported))
        {
            var (start, end) = Spelling(encoding, token);
            var source = Enumerable.Range(start, end - start).Select(map.At).First(s => s?.Field is not null)!;
            var place = source.MessageIndex is { } message ? $"message {message}, {source.Field}" : source.Field!;
            var text = encoding.Tokens[token];
            var effect = recognized
                ? "becomes the special token, so this text can end a turn or begin another. Train without recognising special tokens in messages, or clean the data"
                : "would have become the special token; it stays text";
            findings.Add(new MaskFinding(MaskFindingKind.ForgedSpecialToken, $"{text} in {place} {effect}.")
            {
                // Kept as text, it is several tokens of another encoding.
                Tokens = recognized ? [(token, token + 1)] : [],
                MessageIndex = source.MessageIndex,
                Field = source.Field,
                Text = text,
                Position = start,
            });
        }
    }

    private static (int Start, int End) Spelling(TokenEncoding encoding, int token)
    {
        var (start, end) = encoding.CharOffsets[token];
        var content = encoding.Tokens[token];
        var at = encoding.TextOf(start, end).IndexOf(content, StringComparison.Ordinal);
        return at < 0 ? (start, end) : (start + at, start + at + content.Length);
    }
}
