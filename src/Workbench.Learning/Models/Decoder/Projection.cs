using TorchSharp;
using TorchSharp.Modules;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// <c>y = x Wᵀ (+ b)</c> over given parameters. <c>nn.Linear</c> would first draw random weights, only to have them replaced.
/// </summary>
/// <param name="weight">(out, in)</param>
/// <param name="bias">(out), or null.</param>
/// <param name="precision">What the products are computed in.</param>
internal sealed class Projection(Parameter weight, Parameter? bias, ComputePrecision precision)
{
    public Tensor Forward(Tensor x) => LinearProduct.Apply(x, weight, bias, precision.BFloat16); // (…, in) -> (…, out)
}
