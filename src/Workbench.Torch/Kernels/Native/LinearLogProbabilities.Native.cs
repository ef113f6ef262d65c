using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class LinearLogProbabilities
{
    static partial void TryNative(Tensor hidden, Tensor weight, Tensor targets, bool bfloat16, ref Tensor? result)
    {
        Interop.Native.Check(Interop.Native.wb_linear_log_probabilities(
            hidden.handle, weight.handle, targets.handle, bfloat16, out var logps));
        result = logps == 0 ? null : new Tensor(logps);
    }
}
