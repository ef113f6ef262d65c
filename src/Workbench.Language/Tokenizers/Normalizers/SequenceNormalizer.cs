using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Normalizers;

/// <summary>One normalizer after the other.</summary>
internal sealed class SequenceNormalizer(Normalizer[] steps) : Normalizer
{
    public override Slice Normalize(in Slice text)
    {
        var result = text;
        foreach (var step in steps)
        {
            result = step.Normalize(result);
        }

        return result;
    }
}
