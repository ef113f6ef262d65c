using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary>
/// tiktoken's ranks: a token in base64 and its rank a line (transformers' TikTokenConverter). The file has no merges: any two
/// tokens that together are a token merge with that token's rank.
/// </summary>
internal static class TiktokenFile
{
    /// <summary>The split of cl100k and Llama 3, which transformers assumes where nothing else is said.</summary>
    private const string Cl100k =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>True where the file begins like tiktoken's; sentencepiece's begins with a binary tag.</summary>
    public static bool Looks(string file)
    {
        Span<byte> head = stackalloc byte[64];
        using var stream = File.OpenRead(file);
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return Parse(Encoding.Latin1.GetString(head[..read]).Split('\n')[0].TrimEnd('\r')) is not null;
    }

    public static JsonObject Convert(string file, TokenizerSettings settings)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal); // tokens in byte characters
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            var (token, rank) = Parse(line)
                ?? throw new TokenizerException($"{file}, line {number}: expected a token in base64 and its rank. Copy the file again.");
            if (!ranks.TryAdd(token, rank))
            {
                throw new TokenizerException($"{file}, line {number}: this token has a rank already. Copy the file again.");
            }
        }

        var vocabulary = new JsonObject();
        foreach (var (token, rank) in ranks)
        {
            vocabulary[token] = rank;
        }

        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(),
            ["pre_tokenizer"] = VocabularyAndMerges.SplitThenBytes(Cl100k, prefixSpace: false),
            ["post_processor"] = settings.Template(settings.Flag("add_bos_token", false), settings.Flag("add_eos_token", false), token => ranks.TryGetValue(token, out var id) ? id : null)
                ?? VocabularyAndMerges.ByteLevel(prefixSpace: true, useRegex: true, trimOffsets: false),
            ["decoder"] = VocabularyAndMerges.ByteLevel(prefixSpace: true, useRegex: true, trimOffsets: true),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["ignore_merges"] = true,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. PieceMerges.Of(ranks).OrderBy(merge => ranks[merge.Whole]).Select(merge => new JsonArray(merge.Left, merge.Right))]),
            },
        };
    }

    private static (string Token, int Rank)? Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var bytes = new byte[line.Length];
        return space > 0
            && System.Convert.TryFromBase64Chars(line.AsSpan(0, space), bytes, out var length)
            && int.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var rank)
            ? (string.Concat(bytes.Take(length).Select(ByteAlphabet.ToCharacter)), rank)
            : null;
    }
}
