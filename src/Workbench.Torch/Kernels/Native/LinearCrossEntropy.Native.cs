using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class LinearCrossEntropy
{
    static partial void TryNative(Tensor hidden, Tensor weight, Tensor targets, long ignoreIndex,
        Tensor? rowWeights, double labelSmoothing, bool bfloat16, ref LinearCrossEntropyResult? result)
    {
        Interop.Native.Check(Interop.Native.wb_linear_cross_entropy(hidden.handle, weight.handle, targets.handle,
            rowWeights.OrNone(), ignoreIndex, labelSmoothing, bfloat16, out var loss, out var statistics));
        result = loss == 0 ? null : new LinearCrossEntropyResult(new Tensor(loss), new Tensor(statistics));
    }
}
