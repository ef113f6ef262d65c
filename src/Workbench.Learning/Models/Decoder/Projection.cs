using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models.Lora;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// <c>y = x Wᵀ (+ b)</c> over given parameters. <c>nn.Linear</c> would first draw random weights, only to have them replaced.
/// </summary>
/// <param name="weight">(out, in)</param>
/// <param name="bias">(out), or null.</param>
/// <param name="precision">What the products are computed in.</param>
internal sealed class Projection(WeightPlace weight, WeightPlace? bias, ComputePrecision precision)
{
    /// <summary>The model's own.</summary>
    public Parameter Weight => weight.Own;

    /// <summary>The update of the adapter at work; null where there is none.</summary>
    public PlacedLora? Lora { get; set; }

    public Tensor Forward(Tensor x) => Lora is null // (…, in) -> (…, out)
        ? LinearProduct.Apply(x, weight.Value, bias?.Value, precision.BFloat16)
        : Lora.Forward(x, weight.Value, bias?.Value, precision.BFloat16);
}
