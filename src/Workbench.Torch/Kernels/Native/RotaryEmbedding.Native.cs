using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class RotaryEmbedding
{
    static partial void TryNative(Tensor x, Tensor cos, Tensor sin, ref Tensor? result)
    {
        Interop.Native.Check(Interop.Native.wb_rotary(x.handle, cos.handle, sin.handle, out var handle));
        result = handle == 0 ? null : new Tensor(handle);
    }
}
