using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>Root mean square layer normalisation (Zhang and Sennrich, 2019), with the gain applied last as Llama does.</summary>
/// <param name="weight">(C)</param>
/// <param name="eps">Added to the mean square.</param>
internal sealed class RmsNorm(Parameter weight, double eps)
{
    public Tensor Forward(Tensor x) // (…, C)
    {
        using var scope = NewDisposeScope();
        var meanSquare = x.pow(2).mean(new long[] { -1 }, keepdim: true); // (…, 1)
        return (weight * (x * (meanSquare + eps).rsqrt())).MoveToOuterDisposeScope();
    }
}
