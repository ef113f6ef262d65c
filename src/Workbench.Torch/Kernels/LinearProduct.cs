using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// <c>y = x Wᵀ (+ b)</c>, differentiable once. With <c>bfloat16</c> the factors of its products (forward and backward) are rounded to
/// bfloat16 and summed in float32, while x, W, y and the gradients stay float32: mixed precision with float32 master weights
/// (Micikevicius et al., 2018; Kalamkar et al., 2019).
/// </summary>
public static partial class LinearProduct
{
    /// <param name="input">(…, in)</param>
    /// <param name="weight">(out, in)</param>
    /// <param name="bias">(out), or null.</param>
    /// <param name="bfloat16">Rounds the factors; the tensors are float32.</param>
    /// <returns>(…, out)</returns>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias = null, bool bfloat16 = false)
    {
        Tensor? result = null;
        TryNative(input, weight, bias, bfloat16, ref result);
        return result ?? Composition(input, weight, bias, bfloat16);
    }

    /// <summary>The same in TorchSharp's calls; with bfloat16 the result, and what flows back, is rounded once more.</summary>
    public static Tensor Composition(Tensor input, Tensor weight, Tensor? bias = null, bool bfloat16 = false)
    {
        if (!bfloat16)
        {
            return nn.functional.linear(input, weight, bias);
        }

        using var scope = NewDisposeScope();
        var y = nn.functional.linear(input.to_type(ScalarType.BFloat16), weight.to_type(ScalarType.BFloat16)).to_type(input.dtype);
        return (bias is null ? y : y + bias).MoveToOuterDisposeScope();
    }

    /// <summary>Whether this processor multiplies bfloat16 by instructions of its own; without them it only costs.</summary>
    public static bool BFloat16IsFast
    {
        get
        {
            var fast = false;
            TryAskNative(ref fast);
            return fast;
        }
    }

    static partial void TryNative(Tensor input, Tensor weight, Tensor? bias, bool bfloat16, ref Tensor? result);

    static partial void TryAskNative(ref bool fast);
}
