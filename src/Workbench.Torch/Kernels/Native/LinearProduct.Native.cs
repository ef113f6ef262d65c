using Workbench.Torch.Interop;
using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class LinearProduct
{
    static partial void TryNative(Tensor input, Tensor weight, Tensor? bias, bool bfloat16, ref Tensor? result)
    {
        Interop.Native.Check(Interop.Native.wb_kernel_linear(input.handle, weight.handle, bias.OrNone(), bfloat16, out var handle));
        result = handle == 0 ? null : new Tensor(handle);
    }

    static partial void TryAskNative(ref bool fast) => fast = Interop.Native.wb_fast_bfloat16();
}
