using Workbench.Language.Tokenizers.Patterns;

namespace Workbench.Language.Tokenizers.Decoders;

/// <summary><c>Replace</c>: every match of a pattern in each token becomes a fixed text.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : Decoder
{
    public override List<string> Decode(List<string> tokens) => tokens.ConvertAll(Replace);

    private string Replace(string token)
    {
        if (pattern is LiteralPattern literal)
        {
            return token.Replace(literal.Literal, content, StringComparison.Ordinal);
        }

        var text = new System.Text.StringBuilder(token.Length);
        var matches = pattern.Matches(token);
        while (matches.MoveNext())
        {
            text.Append(matches.IsMatch ? content : token.AsSpan(matches.Start, matches.End - matches.Start));
        }

        return text.ToString();
    }
}

/// <summary><c>Strip</c>: up to so many of one character off either end of each token.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : Decoder
{
    public override List<string> Decode(List<string> tokens) => tokens.ConvertAll(Strip);

    private string Strip(string token)
    {
        var (from, to) = (0, token.Length);
        for (var i = 0; i < start && token.AsSpan(from, to - from).StartsWith(content, StringComparison.Ordinal); i++)
        {
            from += content.Length;
        }

        for (var i = 0; i < stop && token.AsSpan(from, to - from).EndsWith(content, StringComparison.Ordinal); i++)
        {
            to -= content.Length;
        }

        return token[from..to];
    }
}

/// <summary><c>Metaspace</c>: visible spaces back to spaces, the one in front of the first word dropped.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool prepended) : Decoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var output = new List<string>(tokens.Count);
        foreach (var token in tokens)
        {
            var space = output.Count == 0 && prepended ? "" : " ";
            output.Add(token.Replace(replacement, space, StringComparison.Ordinal));
        }

        return output;
    }
}

/// <summary><c>BPEDecoder</c>: the suffix of each word's last token becomes a space.</summary>
internal sealed class BpeSuffixDecoder(string suffix) : Decoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var output = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var space = i == tokens.Count - 1 ? "" : " ";
            output.Add(suffix.Length == 0 ? tokens[i] : tokens[i].Replace(suffix, space, StringComparison.Ordinal));
        }

        return output;
    }
}

/// <summary><c>WordPiece</c>: tokens with the prefix continue a word, others begin one.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : Decoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var output = new List<string>(tokens.Count);
        foreach (var token in tokens)
        {
            var text = output.Count == 0 ? token
                : prefix.Length > 0 && token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..]
                : " " + token;
            output.Add(cleanup ? Cleanup(text) : text);
        }

        return output;
    }

    /// <summary>English spacing, by the very list of transformers' clean_up_tokenization.</summary>
    public static string Cleanup(string text) => text
        .Replace(" .", ".", StringComparison.Ordinal).Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal).Replace(" ,", ",", StringComparison.Ordinal)
        .Replace(" ' ", "'", StringComparison.Ordinal).Replace(" n't", "n't", StringComparison.Ordinal)
        .Replace(" 'm", "'m", StringComparison.Ordinal).Replace(" do not", " don't", StringComparison.Ordinal)
        .Replace(" 's", "'s", StringComparison.Ordinal).Replace(" 've", "'ve", StringComparison.Ordinal)
        .Replace(" 're", "'re", StringComparison.Ordinal);
}

/// <summary><c>CTC</c>: repeated tokens count once, padding goes, the delimiter becomes a space.</summary>
internal sealed class CtcDecoder(string padToken, string wordDelimiter, bool cleanup) : Decoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var output = new List<string>(tokens.Count);
        string? previous = null;
        foreach (var token in tokens)
        {
            if (token != previous)
            {
                var text = padToken.Length == 0 ? token : token.Replace(padToken, "", StringComparison.Ordinal);
                if (cleanup)
                {
                    text = WordPieceDecoder.Cleanup(text);
                    text = wordDelimiter.Length == 0 ? text : text.Replace(wordDelimiter, " ", StringComparison.Ordinal);
                }

                if (text.Length > 0)
                {
                    output.Add(text);
                }
            }

            previous = token;
        }

        return output;
    }
}
