namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>A place in a template: special tokens, or the first (0) or second (1) text.</summary>
internal sealed record TemplateItem(int[]? SpecialIds, int Sequence, int TypeId);

/// <summary><c>TemplateProcessing</c>, and BERT's and RoBERTa's processors, which are templates of their own.</summary>
/// <param name="single">Around one text.</param>
/// <param name="pair">Around two.</param>
/// <param name="trim">Whether offsets are trimmed first (RoBERTa); its value is add_prefix_space.</param>
internal sealed class TemplatePostProcessor(TemplateItem[] single, TemplateItem[] pair, bool? trim = null) : PostProcessor
{
    public override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens, TokenTexts texts)
    {
        var trimmed = trim is { } addPrefixSpace ? [.. parts.Select(p => OffsetTrimming.Trim(p, addPrefixSpace, texts))] : parts;
        var output = new List<EncodingPart>();
        foreach (var item in parts.Count > 1 ? pair : single)
        {
            if (item.SpecialIds is null)
            {
                output.Add(trimmed[item.Sequence] with { TypeId = item.TypeId });
            }
            else if (addSpecialTokens)
            {
                output.Add(EncodingPart.Special(item.SpecialIds, item.TypeId));
            }
        }

        return output;
    }

    public override int AddedTokens(bool isPair) => (isPair ? pair : single).Sum(i => i.SpecialIds?.Length ?? 0);
}
