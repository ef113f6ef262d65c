using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>
/// The kernels of our own, Native/kernels holds the other side. A result that stays 0 says that the kernel does not know this
/// device or element type, and the composition is to be used.
/// </summary>
internal static partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_rms_norm(TensorHandle input, TensorHandle weight, double eps, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_kernel_linear(
        TensorHandle input, TensorHandle weight, TensorHandle bias, [MarshalAs(UnmanagedType.U1)] bool bfloat16, out nint result);

    [LibraryImport(Library.Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool wb_fast_bfloat16();

    [LibraryImport(Library.Name)]
    public static partial void wb_kernel_seconds(Span<double> seconds);

    [LibraryImport(Library.Name)]
    public static partial Status wb_lora_linear(
        TensorHandle input, TensorHandle weight, TensorHandle bias, TensorHandle a, TensorHandle b, double scale, double dropout, long seed,
        [MarshalAs(UnmanagedType.U1)] bool bfloat16, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_keep_memory([MarshalAs(UnmanagedType.U1)] bool keep);

    [LibraryImport(Library.Name)]
    public static partial Status wb_decode_create(
        [In] long[] numbers, double eps, [In] long[] windows, [In] nint[] weights, int count, TensorHandle cos, TensorHandle sin,
        int how, out nint step);

    [LibraryImport(Library.Name)]
    public static partial Status wb_decode_bind(nint step, int slot, [In] nint[]? keys, [In] nint[]? values);

    [LibraryImport(Library.Name)]
    public static partial Status wb_decode_run(
        nint step, long count, ReadOnlySpan<long> ids, ReadOnlySpan<long> slots, ReadOnlySpan<long> positions, Span<float> logits, Span<double> totals);

    [LibraryImport(Library.Name)]
    public static partial void wb_decode_free(nint step);

    [LibraryImport(Library.Name)]
    public static partial Status wb_swiglu(TensorHandle gate, TensorHandle up, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_rotary(TensorHandle x, TensorHandle cos, TensorHandle sin, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_grouped_query_attention(
        TensorHandle query, TensorHandle key, TensorHandle value, [MarshalAs(UnmanagedType.U1)] bool causal, double scale, long window,
        [In] long[] offsets, long count, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_linear_cross_entropy(
        TensorHandle hidden, TensorHandle weight, TensorHandle targets, TensorHandle rowWeights, long ignoreIndex, double labelSmoothing,
        [MarshalAs(UnmanagedType.U1)] bool bfloat16, out nint loss, out nint statistics);

    [LibraryImport(Library.Name)]
    public static partial Status wb_linear_log_probabilities(
        TensorHandle hidden, TensorHandle weight, TensorHandle targets, [MarshalAs(UnmanagedType.U1)] bool bfloat16, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_adamw_step(
        TensorHandle parameter, TensorHandle gradient, TensorHandle expAvg, TensorHandle expAvgSq, long steps, double lr,
        double beta1, double beta2, double eps, double weightDecay, [MarshalAs(UnmanagedType.U1)] out bool done);

    [LibraryImport(Library.Name)]
    public static partial Status wb_adamw_8bit_step(
        TensorHandle parameter, TensorHandle gradient, TensorHandle codesM, TensorHandle largestM, TensorHandle codesV,
        TensorHandle largestV, TensorHandle tableM, TensorHandle tableV, long steps, double lr, double beta1, double beta2,
        double eps, double weightDecay, [MarshalAs(UnmanagedType.U1)] out bool done);

    [LibraryImport(Library.Name)]
    public static partial Status wb_cuda_memory(
        int device, out long allocated, out long peak, out long reserved, [MarshalAs(UnmanagedType.U1)] out bool known);
}
