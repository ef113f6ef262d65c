using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// <c>y = x Wᵀ (+ b) + s (drop(x) Aᵀ) Bᵀ</c> with W and b frozen: a linear layer with a low-rank adapter (LoRA; Hu et al., 2021).
/// Differentiable once, by x, A and B. The mask of the dropout is a function of the seed, so that a layer which is run again
/// (gradient checkpointing) drops the same elements.
/// </summary>
public static partial class LoraProduct
{
    /// <param name="input">(…, in)</param>
    /// <param name="weight">(out, in), without gradient.</param>
    /// <param name="bias">(out) without gradient, or null.</param>
    /// <param name="a">(r, in)</param>
    /// <param name="b">(out, r)</param>
    /// <param name="scale">What the low-rank product is multiplied by.</param>
    /// <param name="dropout">Probability with which an element of the adapter's input is dropped, from 0 up to, not including, 1.</param>
    /// <param name="seed">Decides what is dropped.</param>
    /// <param name="bfloat16">Rounds the factors of all products, as <see cref="LinearProduct"/> does.</param>
    /// <returns>(…, out)</returns>
    public static Tensor Apply(
        Tensor input, Tensor weight, Tensor? bias, Tensor a, Tensor b, double scale, double dropout = 0, long seed = 0, bool bfloat16 = false)
    {
        Tensor? result = null;
        TryNative(input, weight, bias, a, b, scale, dropout, seed, bfloat16, ref result);
        return result ?? Composition(input, weight, bias, a, b, scale, dropout, seed, bfloat16);
    }

    /// <summary>The same in TorchSharp's calls; what it drops for a seed differs from what the kernel drops.</summary>
    public static Tensor Composition(
        Tensor input, Tensor weight, Tensor? bias, Tensor a, Tensor b, double scale, double dropout = 0, long seed = 0, bool bfloat16 = false)
    {
        using var scope = NewDisposeScope();
        var kept = input;
        if (dropout > 0)
        {
            using var random = new Generator((ulong)seed);
            var mask = empty(input.shape, input.dtype).uniform_(0, 1, random).ge(dropout).to_type(input.dtype).to(input.device);
            kept = input * mask / (1 - dropout);
        }

        var low = LinearProduct.Composition(LinearProduct.Composition(kept, a, null, bfloat16) * scale, b, null, bfloat16);
        return (LinearProduct.Composition(input, weight, bias, bfloat16) + low).MoveToOuterDisposeScope();
    }

    static partial void TryNative(
        Tensor input, Tensor weight, Tensor? bias, Tensor a, Tensor b, double scale, double dropout, long seed, bool bfloat16, ref Tensor? result);
}
