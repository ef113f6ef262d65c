using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Arrangement, selection and joining. Native/src/shape.cpp holds the other side.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_repeat_interleave(TensorHandle self, long repeats, long* dim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_view(TensorHandle self, ReadOnlySpan<long> shape, int count, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_reshape(TensorHandle self, ReadOnlySpan<long> shape, int count, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_permute(TensorHandle self, ReadOnlySpan<long> order, int count, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_expand(
        TensorHandle self, ReadOnlySpan<long> shape, int count, [MarshalAs(UnmanagedType.U1)] bool isImplicit, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_repeat(TensorHandle self, ReadOnlySpan<long> repeats, int count, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_flip(TensorHandle self, ReadOnlySpan<long> dim, int count, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_roll(
        TensorHandle self, ReadOnlySpan<long> shifts, int shiftCount, ReadOnlySpan<long> dim, int dimCount, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_transpose(TensorHandle self, long dim0, long dim1, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_t(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_squeeze(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_squeeze_dim(TensorHandle self, long dim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_unsqueeze(TensorHandle self, long dim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_flatten(TensorHandle self, long start, long end, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_narrow(TensorHandle self, long dim, long start, long length, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_select(TensorHandle self, long dim, long index, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_slice(TensorHandle self, long dim, long start, long finish, long step, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_tril(TensorHandle self, long diagonal, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_triu(TensorHandle self, long diagonal, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_index_select(TensorHandle self, long dim, TensorHandle index, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_gather(TensorHandle self, long dim, TensorHandle index, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_scatter(
        TensorHandle self, long dim, TensorHandle index, TensorHandle source, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_scatter_add(
        TensorHandle self, long dim, TensorHandle index, TensorHandle source, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_scatter_(TensorHandle self, long dim, TensorHandle index, TensorHandle source);

    [LibraryImport(Library.Name)]
    public static partial Status wb_index_add_(
        TensorHandle self, long dim, TensorHandle index, TensorHandle source, in ScalarValue alpha);

    [LibraryImport(Library.Name)]
    public static partial Status wb_masked_select(TensorHandle self, TensorHandle mask, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_nonzero(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_cat(nint[] list, int count, long dim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_stack(nint[] list, int count, long dim, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_split(
        TensorHandle self, long size, long dim, delegate* unmanaged<nint*, int, nint, void> take, nint state);

    [LibraryImport(Library.Name)]
    public static partial Status wb_split_sizes(
        TensorHandle self, ReadOnlySpan<long> sizes, int count, long dim, delegate* unmanaged<nint*, int, nint, void> take,
        nint state);

    [LibraryImport(Library.Name)]
    public static partial Status wb_chunk(
        TensorHandle self, long chunks, long dim, delegate* unmanaged<nint*, int, nint, void> take, nint state);

    [LibraryImport(Library.Name)]
    public static partial Status wb_unbind(
        TensorHandle self, long dim, delegate* unmanaged<nint*, int, nint, void> take, nint state);

    [LibraryImport(Library.Name)]
    public static partial Status wb_index(TensorHandle self, IndexValue[] values, int count, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_index_put_(TensorHandle self, IndexValue[] values, int count, TensorHandle value);

    [LibraryImport(Library.Name)]
    public static partial Status wb_index_put_scalar_(TensorHandle self, IndexValue[] values, int count, in ScalarValue value);
}
