using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>The gated unit of Llama's feed-forward layers (Shazeer 2020): silu(gate) * up.</summary>
public static partial class SwiGlu
{
    /// <param name="gate">any shape</param>
    /// <param name="up">the same shape</param>
    public static Tensor Apply(Tensor gate, Tensor up)
    {
        Tensor? result = null;
        TryNative(gate, up, ref result);
        return result ?? Composition(gate, up);
    }

    /// <summary>The same in TorchSharp's calls.</summary>
    public static Tensor Composition(Tensor gate, Tensor up) => nn.functional.silu(gate) * up;

    static partial void TryNative(Tensor gate, Tensor up, ref Tensor? result);
}
