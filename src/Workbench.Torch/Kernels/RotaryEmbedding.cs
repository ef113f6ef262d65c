using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// Rotary position embedding (Su et al. 2021), the two halves of a head paired as Hugging Face's Llama pairs them:
/// (x1, x2) becomes (x1 cos - x2 sin, x2 cos + x1 sin).
/// </summary>
public static partial class RotaryEmbedding
{
    /// <summary>Cosines and sines for positions.</summary>
    /// <param name="positions">(T), or (B, T) where each sequence counts for itself</param>
    /// <param name="inverseFrequencies">(D/2), theta^(-2i/D), scaled or not</param>
    /// <returns>each (T, D/2), or (B, T, D/2)</returns>
    public static (Tensor Cos, Tensor Sin) Tables(Tensor positions, Tensor inverseFrequencies)
    {
        using var scope = NewDisposeScope();
        var angles = positions.to_type(inverseFrequencies.dtype).unsqueeze(-1) * inverseFrequencies;
        return scope.MoveToOuter(angles.cos(), angles.sin());
    }

    /// <summary>theta^(-2i/D) for i below D/2, in float32.</summary>
    /// <returns>(D/2)</returns>
    public static Tensor InverseFrequencies(int headDim, double theta, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var exponents = arange(0, headDim, 2, ScalarType.Float32, device) / headDim;
        return (1.0f / full([1], theta, ScalarType.Float32, device).pow(exponents)).MoveToOuterDisposeScope();
    }

    /// <param name="x">(B, H, T, D)</param>
    /// <param name="cos">(T, D/2) or (B, T, D/2)</param>
    /// <param name="sin">as cos</param>
    /// <returns>(B, H, T, D)</returns>
    public static Tensor Apply(Tensor x, Tensor cos, Tensor sin)
    {
        Tensor? result = null;
        TryNative(x, cos, sin, ref result);
        return result ?? Composition(x, cos, sin);
    }

    /// <summary>The same in TorchSharp's calls.</summary>
    public static Tensor Composition(Tensor x, Tensor cos, Tensor sin)
    {
        // Tables of a batch get a dimension for the heads: (B, 1, T, D/2).
        var (c, s) = cos.Dimensions == 3 ? (cos.unsqueeze(1), sin.unsqueeze(1)) : (cos, sin);
        var halves = x.chunk(2, -1);
        return cat([(halves[0] * c) - (halves[1] * s), (halves[1] * c) + (halves[0] * s)], -1);
    }

    static partial void TryNative(Tensor x, Tensor cos, Tensor sin, ref Tensor? result);
}
