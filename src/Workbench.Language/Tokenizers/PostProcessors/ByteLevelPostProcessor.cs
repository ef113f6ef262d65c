namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary><c>ByteLevel</c>: trims the offsets of byte-level tokens.</summary>
internal sealed class ByteLevelPostProcessor(bool addPrefixSpace, bool trimOffsets) : PostProcessor
{
    public override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens, TokenTexts texts) =>
        trimOffsets ? [.. parts.Select(p => OffsetTrimming.Trim(p, addPrefixSpace, texts))] : parts;

    public override int AddedTokens(bool pair) => 0;
}
