using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.Patterns;
using Workbench.Language.Tokenizers.Text;
using Workbench.Language.Tokenizers.Unicode;

namespace Workbench.Language.Tokenizers.PreTokenizers;

/// <summary>Builds pre-tokenizers from tokenizer.json; the list of what exists. A sequence becomes its steps.</summary>
internal static class PreTokenizerFactory
{
    public static PreTokenizer[] Create(ConfigNode node) => node.IsNull ? [] : [.. Build(node)];

    private static IEnumerable<PreTokenizer> Build(ConfigNode node) => node.Type switch
    {
        "Sequence" => node["pretokenizers"].Items().SelectMany(Build),
        "ByteLevel" => [new ByteLevelPreTokenizer(node["add_prefix_space"].Bool(true), node["use_regex"].Bool(true), writeBytes: true)],
        "Split" => [new SplitPreTokenizer(PatternFactory.Create(node["pattern"]), node["behavior"].Choice<SplitBehavior>(), node["invert"].Bool(false))],
        "Whitespace" => [new SplitPreTokenizer(RegexPattern.Parse(@"[[:rustword:]]+|[^[:rustword:]\s]+"), SplitBehavior.Removed, invert: true)],
        "WhitespaceSplit" => [Whitespace],
        "Punctuation" => [new SplitPreTokenizer(Punctuation, node["behavior"].Choice<SplitBehavior>(SplitBehavior.Isolated))],
        "Digits" => [new SplitPreTokenizer(new CharacterPattern(c => CodePoints.IsNumber(c) != LegacyClasses.Number.Contains(c)),
            node["individual_digits"].Bool(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous)],
        "BertPreTokenizer" => [Whitespace, new SplitPreTokenizer(BertPunctuation, SplitBehavior.Isolated)],
        "CharDelimiterSplit" => [new SplitPreTokenizer(new LiteralPattern(node["delimiter"].Character(" ")), SplitBehavior.Removed)],
        "Metaspace" => [new MetaspacePreTokenizer(node["replacement"].Character("▁"), Scheme(node), node["split"].Bool(true))],
        "UnicodeScripts" => [new UnicodeScriptsPreTokenizer()],
        "FixedLength" => [new FixedLengthPreTokenizer(Positive(node["length"]))],
        var other => throw node["type"].Fail($"the pre-tokenizer \"{other}\" is unknown. Convert the tokenizer with a released version of tokenizers, or remove the pre-tokenizer."),
    };

    private static SplitPreTokenizer Whitespace { get; } = new(new CharacterPattern(CodePoints.IsWhiteSpace), SplitBehavior.Removed);

    private static CharacterPattern Punctuation { get; } = new(c => CodePoints.IsAsciiPunctuation(c) || CodePoints.IsPunctuation(c) != LegacyClasses.Punctuation.Contains(c));

    private static CharacterPattern BertPunctuation { get; } = new(c => CodePoints.IsAsciiPunctuation(c) || CodePoints.IsPunctuation(c) != LegacyClasses.BertPunctuation.Contains(c));

    private static int Positive(ConfigNode node) => node.Int(5) is > 0 and var length ? length : throw node.Fail("expected a length above 0.");

    private static PrependScheme Scheme(ConfigNode node)
    {
        var scheme = node["prepend_scheme"];
        if (scheme.IsNull)
        {
            // Files from before prepend_scheme existed say add_prefix_space.
            return node["add_prefix_space"].Bool(true) ? PrependScheme.Always : PrependScheme.Never;
        }

        return scheme.String() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw scheme.Fail($"\"{other}\" is none of always, first, never."),
        };
    }
}
