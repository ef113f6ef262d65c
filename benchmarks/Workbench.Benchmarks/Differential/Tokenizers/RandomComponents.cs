using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Differential.Tokenizers;

/// <summary>Normalizers, pre-tokenizers, post-processors and decoders of tokenizer.json with random options.</summary>
internal sealed class RandomComponents(Random random)
{
    private static readonly string[] Patterns =
    [
        @"\s+", @"\d", @"\p{L}+", @"(?i:the|a)", @"\w+|[^\w\s]+", ".", @"[\r\n]+", @"\p{N}{1,3}", " ", "e", "▁", " {2,}", @"[^\p{L}]", @"\b", "^.", ".$", @"\p{Han}+", @"x*", @"\s+(?!\S)|\s+", @" ?[^(\s|[.,!?…。，、।۔،])]+",
        .. PatternSources.All,
    ];

    private static readonly string Map = CharacterMap.Encode(new Dictionary<string, string>
    {
        ["ﬁ"] = "fi", ["①"] = "1", ["Ⅷ"] = "VIII", ["\u00A0"] = " ", ["\u3000"] = " ", ["㌀"] = "アパート", ["e\u0301"] = "é", ["Å"] = "Å", ["ｶﾞ"] = "ガ", ["…"] = "...",
        ["\u200B"] = " ", ["\t"] = " ", ["\r\n"] = "\n", ["\u00AD"] = "", ["A"] = "a", ["İ"] = "i̇", ["🇩🇪"] = "DE", ["½"] = " 1⁄2", ["ﷺ"] = "صلى الله عليه وسلم", ["\u0344"] = "\u0308\u0301",
    });

    public JsonObject Normalizer() => random.Next(3) == 0
        ? Of("Sequence", ("normalizers", List(random.Next(4), OneNormalizer)))
        : OneNormalizer();

    public JsonObject PreTokenizer() => random.Next(3) == 0
        ? Of("Sequence", ("pretokenizers", List(random.Next(4), OnePreTokenizer)))
        : OnePreTokenizer();

    public JsonObject Decoder() => random.Next(3) == 0
        ? Of("Sequence", ("decoders", List(random.Next(4), OneDecoder)))
        : OneDecoder();

    public JsonObject ByteLevel() => Of("ByteLevel", ("add_prefix_space", Flag()), ("trim_offsets", Flag()), ("use_regex", Flag()));

    /// <param name="tokens">How many tokens the model has.</param>
    public JsonObject PostProcessor(int tokens)
    {
        var (a, b) = (random.Next(tokens), random.Next(tokens));
        return random.Next(5) switch
        {
            0 => Of("BertProcessing", ("sep", new JsonArray("<sep>", a)), ("cls", new JsonArray("<cls>", b))),
            1 => Of("RobertaProcessing", ("sep", new JsonArray("<sep>", a)), ("cls", new JsonArray("<cls>", b)), ("trim_offsets", Flag()), ("add_prefix_space", Flag())),
            2 => ByteLevel(),
            3 => Of("Sequence", ("processors", new JsonArray(ByteLevel(), Template(a, b)))),
            _ => Template(a, b),
        };
    }

    private JsonObject OneNormalizer() => random.Next(14) switch
    {
        0 => Of("NFC"),
        1 => Of("NFD"),
        2 => Of("NFKC"),
        3 => Of("NFKD"),
        4 => Of("Lowercase"),
        5 => Of("Strip", ("strip_left", Flag()), ("strip_right", Flag())),
        6 => Of("StripAccents"),
        7 => Of("Nmt"),
        8 => Of("Replace", ("pattern", WidePattern()), ("content", Pick("", "_", "▁", " ", "é", "ab"))),
        9 => Of("Prepend", ("prepend", Pick("▁", " ", "ab"))),
        10 => Of("ByteLevel"),
        11 or 12 => Of("Precompiled", ("precompiled_charsmap", Map)),
        _ => Of("BertNormalizer", ("clean_text", Flag()), ("handle_chinese_chars", Flag()), ("strip_accents", random.Next(3) switch { 0 => null, 1 => true, _ => (JsonNode)false }), ("lowercase", Flag())),
    };

    private JsonObject OnePreTokenizer() => random.Next(14) switch
    {
        0 => ByteLevel(),
        1 => Of("Whitespace"),
        2 => Of("WhitespaceSplit"),
        3 => Of("BertPreTokenizer"),
        4 => Of("UnicodeScripts"),
        5 => Of("Digits", ("individual_digits", Flag())),
        6 => Of("Punctuation", ("behavior", Behavior())),
        7 => Of("CharDelimiterSplit", ("delimiter", Pick(" ", "e", "▁", "👍"))),
        8 => Of("FixedLength", ("length", random.Next(1, 8))),
        9 or 10 => Of("Metaspace", ("replacement", Pick("▁", "_", "é")), ("prepend_scheme", Pick("always", "first", "never")), ("split", Flag())),
        _ => Of("Split", ("pattern", Pattern()), ("behavior", Behavior()), ("invert", Flag())),
    };

    private JsonObject OneDecoder() => random.Next(10) switch
    {
        0 => ByteLevel(),
        1 => Of("ByteFallback"),
        2 => Of("Fuse"),
        3 => Of("Strip", ("content", Pick(" ", "▁", "e")), ("start", random.Next(3)), ("stop", random.Next(3))),
        4 => Of("Replace", ("pattern", Pattern()), ("content", Pick("", " ", "ab"))),
        5 => Of("Metaspace", ("replacement", "▁"), ("prepend_scheme", Pick("always", "first", "never")), ("split", Flag())),
        6 => Of("WordPiece", ("prefix", Pick("##", "@@")), ("cleanup", Flag())),
        7 => Of("BPEDecoder", ("suffix", "</w>")),
        8 => Of("CTC", ("pad_token", "<unk>"), ("word_delimiter_token", "|"), ("cleanup", Flag())),
        _ => Of("Sequence", ("decoders", new JsonArray(
            Of("Replace", ("pattern", new JsonObject { ["String"] = "▁" }), ("content", " ")), Of("ByteFallback"), Of("Fuse"), Of("Strip", ("content", " "), ("start", 1), ("stop", 0))))),
    };

    private JsonObject Template(int a, int b)
    {
        var definitions = new JsonObject();
        foreach (var (name, id) in ((string, int)[])[("<a>", a), ("<b>", b)])
        {
            definitions[name] = new JsonObject { ["id"] = name, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(name) };
        }

        return Of(
            "TemplateProcessing",
            ("single", Shuffled([Sequence("A"), .. Specials()])),
            ("pair", Shuffled([Sequence("A"), Sequence("B"), .. Specials()])),
            ("special_tokens", definitions));
    }

    private List<JsonObject> Specials() =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = Pick("<a>", "<b>"), ["type_id"] = random.Next(3) } })];

    private JsonObject Sequence(string id) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = random.Next(3) } };

    private JsonArray Shuffled(List<JsonObject> items) => new([.. items.OrderBy(_ => random.Next())]);

    // Text that a normalizer inserts before the first character stands for nothing; the official ByteLevel then writes it twice.
    private JsonObject WidePattern()
    {
        var pattern = Pattern();
        while (pattern["Regex"]?.GetValue<string>() is @"x*" or @"\b")
        {
            pattern = Pattern();
        }

        return pattern;
    }

    private JsonObject Pattern()
    {
        var pattern = Patterns[random.Next(Patterns.Length)];
        return pattern.Length == 1 && random.Next(2) == 0 ? new JsonObject { ["String"] = pattern } : new JsonObject { ["Regex"] = pattern };
    }

    private string Behavior() => Pick("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

    private bool Flag() => random.Next(2) == 0;

    private string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];

    private static JsonArray List(int count, Func<JsonObject> make) => new([.. Enumerable.Range(0, count).Select(_ => make())]);

    private static JsonObject Of(string type, params (string Name, JsonNode? Value)[] members)
    {
        var json = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members)
        {
            json[name] = value;
        }

        return json;
    }
}
