using System.Text.Json;
using System.Text.RegularExpressions;
using Workbench.Language.Tokenizers;

namespace Workbench.Language.Chat.Lint.Probing;

/// <summary>
/// Stands in for the tokenizer of a model that is not known: one token a byte, and as special tokens what the template
/// writes that looks like one.
/// </summary>
internal static partial class ProbeTokenizer
{
    /// <param name="renderings">Texts that the template wrote.</param>
    /// <param name="specialTokens">The special tokens that the template was given.</param>
    /// <param name="endOfTurn">The token that ends answers, where it is known already.</param>
    public static PretrainedTokenizer Create(IEnumerable<string> renderings, IReadOnlyDictionary<string, string?> specialTokens, string? endOfTurn)
    {
        var given = specialTokens.Values.OfType<string>();
        var tags = renderings.SelectMany(text => Tag().Matches(text)).Select(match => match.Value).Concat(given).Distinct().ToList();
        var json = JsonSerializer.Serialize(new
        {
            added_tokens = tags.Select((tag, i) => new { id = 256 + i, content = tag, special = true, normalized = false }),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = false },
            model = new { type = "BPE", vocab = Alphabet, merges = Array.Empty<string>() },
        });
        var eos = endOfTurn ?? specialTokens.GetValueOrDefault("eos_token");
        return PretrainedTokenizer.Create(Tokenizer.Parse(json), eos is null ? [] : new Dictionary<string, string> { ["eos_token"] = eos });
    }

    /// <summary>GPT-2's alphabet: printable Latin-1 stands for itself, other bytes for U+0100 and up.</summary>
    private static Dictionary<string, int> Alphabet { get; } = MakeAlphabet();

    private static Dictionary<string, int> MakeAlphabet()
    {
        var alphabet = new Dictionary<string, int>();
        var next = 0x100;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            alphabet[((char)(printable ? b : next++)).ToString()] = b;
        }

        return alphabet;
    }

    /// <summary>The spellings in use: &lt;|…|&gt; in ASCII and full width, &lt;s&gt;, &lt;end_of_turn&gt;, [INST].</summary>
    [GeneratedRegex(@"<[|｜][^\s<>|｜]{1,60}[|｜]>|<\|[a-z_]{1,30}>|<[a-z_]{1,30}\|>|</?s>|<(?:bos|eos)>|<(?:start|end)_of_[a-z]+>|\[/?[A-Z_]{2,30}\]")]
    public static partial Regex Tag();
}
