using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// <c>y = x Wᵀ (+ b)</c> over given parameters. <c>nn.Linear</c> would first draw random weights, only to have them replaced.
/// </summary>
/// <param name="weight">(out, in)</param>
/// <param name="bias">(out), or null.</param>
internal sealed class Projection(Parameter weight, Parameter? bias)
{
    public Tensor Forward(Tensor x) => nn.functional.linear(x, weight, bias); // (…, in) -> (…, out)
}
