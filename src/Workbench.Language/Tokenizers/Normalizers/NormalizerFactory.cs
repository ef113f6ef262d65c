using Workbench.Language.Tokenizers.Loading;
using Workbench.Language.Tokenizers.Unicode;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary>Builds normalizers from tokenizer.json; the list of what exists.</summary>
internal static class NormalizerFactory
{
    public static Normalizer? Create(ConfigNode node) => node.IsNull ? null : Build(node);

    private static Normalizer Build(ConfigNode node) => node.Type switch
    {
        "Sequence" => new SequenceNormalizer([.. node["normalizers"].Items().Select(Build)]),
        "NFC" => new UnicodeFormNormalizer(NormalizationForm.Nfc),
        "NFD" => new UnicodeFormNormalizer(NormalizationForm.Nfd),
        "NFKC" => new UnicodeFormNormalizer(NormalizationForm.Nfkc),
        "NFKD" => new UnicodeFormNormalizer(NormalizationForm.Nfkd),
        "Lowercase" => new LowercaseNormalizer(),
        "Strip" => new StripNormalizer(node["strip_left"].Bool(true), node["strip_right"].Bool(true)),
        "StripAccents" => CharacterMapNormalizer.StripAccents,
        "Nmt" => CharacterMapNormalizer.Nmt,
        "Replace" => new ReplaceNormalizer(PatternFactory.Create(node["pattern"]), node["content"].String()),
        "Prepend" => new PrependNormalizer(node["prepend"].String()),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Precompiled" => Precompiled(node["precompiled_charsmap"]),
        "BertNormalizer" => Bert(node),
        var other => throw node["type"].Fail($"the normalizer \"{other}\" is unknown. Convert the tokenizer with a released version of tokenizers, or remove the normalizer."),
    };

    private static SequenceNormalizer Bert(ConfigNode node)
    {
        var lowercase = node["lowercase"].Bool(true);
        var steps = new List<Normalizer>();
        if (node["clean_text"].Bool(true))
        {
            steps.Add(CharacterMapNormalizer.BertClean);
        }

        if (node["handle_chinese_chars"].Bool(true))
        {
            steps.Add(new ChineseCharacterNormalizer());
        }

        if (node["strip_accents"].Bool(lowercase))
        {
            steps.Add(new UnicodeFormNormalizer(NormalizationForm.Nfd));
            steps.Add(CharacterMapNormalizer.StripNonSpacingMarks);
        }

        if (lowercase)
        {
            steps.Add(new LowercaseNormalizer());
        }

        return new SequenceNormalizer([.. steps]);
    }

    private static PrecompiledNormalizer Precompiled(ConfigNode node)
    {
        try
        {
            return new PrecompiledNormalizer(Convert.FromBase64String(node.OptionalString() ?? ""));
        }
        catch (FormatException e)
        {
            throw node.Fail($"{e.Message}. Copy the file again.");
        }
    }
}
