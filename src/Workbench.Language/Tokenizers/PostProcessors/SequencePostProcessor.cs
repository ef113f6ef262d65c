namespace Workbench.Language.Tokenizers.PostProcessors;

/// <summary>One post-processor after the other.</summary>
internal sealed class SequencePostProcessor(PostProcessor[] steps) : PostProcessor
{
    public override List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens, TokenTexts texts) =>
        steps.Aggregate(parts, (current, step) => step.Process(current, addSpecialTokens, texts));

    public override int AddedTokens(bool pair) => steps.Sum(s => s.AddedTokens(pair));
}
