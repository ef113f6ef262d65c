using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public static partial class GroupedQueryAttention
{
    static partial void TryNative(Tensor query, Tensor key, Tensor value, bool causal, double scale, int window, long[] offsets,
        ref Tensor? result)
    {
        Interop.Native.Check(Interop.Native.wb_grouped_query_attention(query.handle, key.handle, value.handle, causal, scale, window,
            offsets, offsets.Length, out var handle));
        result = handle == 0 ? null : new Tensor(handle);
    }
}
