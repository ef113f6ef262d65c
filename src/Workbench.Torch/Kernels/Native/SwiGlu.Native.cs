using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class SwiGlu
{
    static partial void TryNative(Tensor gate, Tensor up, ref Tensor? result)
    {
        Interop.Native.Check(Interop.Native.wb_swiglu(gate.handle, up.handle, out var handle));
        result = handle == 0 ? null : new Tensor(handle);
    }
}
