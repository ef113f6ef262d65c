using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Operations along dimensions. Native/src/reduce.cpp holds the other side.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_argmax(TensorHandle self, long* dim, [MarshalAs(UnmanagedType.U1)] bool keepdim,
        out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_argmin(TensorHandle self, long* dim, [MarshalAs(UnmanagedType.U1)] bool keepdim,
        out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sum(
        TensorHandle self, ReadOnlySpan<long> dim, int count, [MarshalAs(UnmanagedType.U1)] bool keepdim, int dtype,
        out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mean(
        TensorHandle self, ReadOnlySpan<long> dim, int count, [MarshalAs(UnmanagedType.U1)] bool keepdim, int dtype,
        out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_var(
        TensorHandle self, ReadOnlySpan<long> dim, int count, [MarshalAs(UnmanagedType.U1)] bool unbiased,
        [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_std(
        TensorHandle self, ReadOnlySpan<long> dim, int count, [MarshalAs(UnmanagedType.U1)] bool unbiased,
        [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_amax(
        TensorHandle self, ReadOnlySpan<long> dim, int count, [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_amin(
        TensorHandle self, ReadOnlySpan<long> dim, int count, [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_max(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_min(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_max_dim(
        TensorHandle self, long dim, [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint values, out nint indexes);

    [LibraryImport(Library.Name)]
    public static partial Status wb_min_dim(
        TensorHandle self, long dim, [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint values, out nint indexes);

    [LibraryImport(Library.Name)]
    public static partial Status wb_logsumexp(
        TensorHandle self, long dim, [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_cumsum(TensorHandle self, long dim, int dtype, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_norm(
        TensorHandle self, ReadOnlySpan<long> dim, int count, in ScalarValue p, [MarshalAs(UnmanagedType.U1)] bool keepdim,
        out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_any(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_all(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_any_dim(
        TensorHandle self, long dim, [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_all_dim(
        TensorHandle self, long dim, [MarshalAs(UnmanagedType.U1)] bool keepdim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_topk(
        TensorHandle self, long k, long dim, [MarshalAs(UnmanagedType.U1)] bool largest,
        [MarshalAs(UnmanagedType.U1)] bool sorted, out nint values, out nint indexes);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sort(
        TensorHandle self, long dim, [MarshalAs(UnmanagedType.U1)] bool descending, [MarshalAs(UnmanagedType.U1)] bool stable,
        out nint values, out nint indexes);

    [LibraryImport(Library.Name)]
    public static partial Status wb_argsort(
        TensorHandle self, long dim, [MarshalAs(UnmanagedType.U1)] bool descending, out nint result);
}
