using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// Root mean square layer normalization (Zhang and Sennrich 2019, equation 4): y = weight * (x / sqrt(mean(x²) + eps)).
/// </summary>
public static partial class RmsNorm
{
    /// <param name="x">(…, D)</param>
    /// <param name="weight">(D)</param>
    /// <param name="eps">added to the mean square</param>
    /// <returns>(…, D)</returns>
    public static Tensor Apply(Tensor x, Tensor weight, double eps)
    {
        Tensor? result = null;
        TryNative(x, weight, eps, ref result);
        return result ?? Composition(x, weight, eps);
    }

    /// <summary>The same in TorchSharp's calls. Narrow types are normalized in float32, as transformers' LlamaRMSNorm
    /// does.</summary>
    public static Tensor Composition(Tensor x, Tensor weight, double eps)
    {
        var type = x.dtype;
        var wide = type is ScalarType.BFloat16 or ScalarType.Float16 ? x.to_type(ScalarType.Float32) : x;
        var normalized = wide * (wide.square().mean([-1], true) + eps).rsqrt();
        return weight * normalized.to_type(type);
    }

    static partial void TryNative(Tensor x, Tensor weight, double eps, ref Tensor? result);
}
