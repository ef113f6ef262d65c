using Workbench.Language.Tokenizers.Loading;

namespace Workbench.Language.Tokenizers.Decoders;

/// <summary>Builds decoders from tokenizer.json; the list of what exists.</summary>
internal static class DecoderFactory
{
    public static Decoder? Create(ConfigNode node) => node.IsNull ? null : Build(node);

    private static Decoder Build(ConfigNode node) => node.Type switch
    {
        "Sequence" => new SequenceDecoder([.. node["decoders"].Items().Select(Build)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(node["content"].Character(" "), node["start"].Int(0), node["stop"].Int(0)),
        "Replace" => new ReplaceDecoder(PatternFactory.Create(node["pattern"]), node["content"].String()),
        "Metaspace" => new MetaspaceDecoder(node["replacement"].Character("▁"), Prepends(node)),
        "BPEDecoder" => new BpeSuffixDecoder(node["suffix"].OptionalString() ?? "</w>"),
        "WordPiece" => new WordPieceDecoder(node["prefix"].OptionalString() ?? "##", node["cleanup"].Bool(true)),
        "CTC" => new CtcDecoder(node["pad_token"].OptionalString() ?? "<pad>", node["word_delimiter_token"].OptionalString() ?? "|", node["cleanup"].Bool(true)),
        var other => throw node["type"].Fail($"the decoder \"{other}\" is unknown. Convert the tokenizer with a released version of tokenizers, or remove the decoder."),
    };

    private static bool Prepends(ConfigNode node)
    {
        var scheme = node["prepend_scheme"];
        return scheme.IsNull ? node["add_prefix_space"].Bool(true) : scheme.String() != "never";
    }
}
