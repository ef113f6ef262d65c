using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class RmsNorm
{
    static partial void TryNative(Tensor x, Tensor weight, double eps, ref Tensor? result)
    {
        Interop.Native.Check(Interop.Native.wb_rms_norm(x.handle, weight.handle, eps, out var handle));
        result = handle == 0 ? null : new Tensor(handle);
    }
}
