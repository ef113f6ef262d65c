using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>
/// Every code point between letters, digits, spaces and punctuation, for each split pattern of a released model and each
/// component that knows Unicode's classes: the offsets show how a pattern splits, the bytes what a normalizer writes.
/// </summary>
internal static class CodePointJobs
{
    private const int OneText = 256;
    private const int LastAssigned = 0x323AF; // CJK extension H; behind it only plane 14 and private use
    private const int Rest = 997; // every so many of what lies behind

    private static readonly JsonObject Splits = new() { ["type"] = "WordLevel", ["vocab"] = new JsonObject { ["<unk>"] = 0 }, ["unk_token"] = "<unk>" };

    private static readonly string[] Normalizers =
        ["""{"type":"NFC"}""", """{"type":"NFD"}""", """{"type":"NFKC"}""", """{"type":"NFKD"}""", """{"type":"Lowercase"}""", """{"type":"StripAccents"}""", """{"type":"Nmt"}""",
         """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}"""];

    private static readonly string[] PreTokenizers =
        ["""{"type":"Whitespace"}""", """{"type":"WhitespaceSplit"}""", """{"type":"BertPreTokenizer"}""", """{"type":"UnicodeScripts"}""", """{"type":"Digits","individual_digits":true}""", """{"type":"Punctuation","behavior":"Isolated"}"""];

    /// <summary>Every code point for everything.</summary>
    public static IReadOnlyList<TokenizerJob> All() => [.. Patterns(Rows(everywhere: true)), .. Components(Rows(everywhere: true))];

    /// <summary>The patterns, of the code points that no Unicode version has assigned only a few.</summary>
    public static IReadOnlyList<TokenizerJob> OfPatterns() => [.. Patterns(Rows(everywhere: false))];

    /// <summary>The components, for a sixth of those rows.</summary>
    public static IReadOnlyList<TokenizerJob> OfComponents() => [.. Components([.. Rows(everywhere: false).Where((_, i) => i % 6 == 0)])];

    private static List<TokenizerRow> Rows(bool everywhere) => [.. Texts(everywhere).Select(text => new TokenizerRow(text))];

    private static IEnumerable<TokenizerJob> Patterns(IReadOnlyList<TokenizerRow> rows) => PatternSources.All.Select(pattern => new TokenizerJob(
        pattern, null, Json(preTokenizer: new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false }), rows));

    private static IEnumerable<TokenizerJob> Components(IReadOnlyList<TokenizerRow> rows) =>
    [
        .. PreTokenizers.Select(json => new TokenizerJob(json, null, Json(preTokenizer: JsonNode.Parse(json)), rows)),
        .. Normalizers.Select(json => new TokenizerJob(json, null, Json(normalizer: JsonNode.Parse(json)), rows)),
    ];

    private static IEnumerable<string> Texts(bool everywhere)
    {
        var text = new StringBuilder();
        var inText = 0;
        for (var code = 0; code <= 0x10FFFF; code++)
        {
            if (code is >= 0xD800 and <= 0xDFFF || !(everywhere || code <= LastAssigned || code is >= 0xE0000 and <= 0xE01FF || code % Rest == 0))
            {
                continue;
            }

            var character = char.ConvertFromUtf32(code);
            text.Append('a').Append(character).Append("B1").Append(character).Append(' ').Append(character).Append('\'').Append(character);
            if (++inText == OneText)
            {
                yield return text.ToString();
                text.Clear();
                inText = 0;
            }
        }

        yield return text.ToString();
    }

    private static JsonObject Json(JsonNode? normalizer = null, JsonNode? preTokenizer = null) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(),
        ["normalizer"] = normalizer,
        ["pre_tokenizer"] = preTokenizer ?? JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}"""),
        ["post_processor"] = null,
        ["decoder"] = null,
        ["model"] = preTokenizer is null ? RandomModels.Bytes() : Splits.DeepClone(),
    };
}
