using Workbench.Torch.Interop;
using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class LoraProduct
{
    static partial void TryNative(
        Tensor input, Tensor weight, Tensor? bias, Tensor a, Tensor b, double scale, double dropout, long seed, bool bfloat16, ref Tensor? result)
    {
        Interop.Native.Check(Interop.Native.wb_lora_linear(
            input.handle, weight.handle, bias.OrNone(), a.handle, b.handle, scale, dropout, seed, bfloat16, out var handle));
        result = handle == 0 ? null : new Tensor(handle);
    }
}
