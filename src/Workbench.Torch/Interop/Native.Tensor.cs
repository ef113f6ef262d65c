using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>What a tensor is. Native/src/tensor.cpp holds the other side.</summary>
internal static partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial void wb_free(nint self);

    [LibraryImport(Library.Name)]
    public static partial Status wb_sizes(TensorHandle self, Span<long> result, int count);

    [LibraryImport(Library.Name)]
    public static partial Status wb_strides(TensorHandle self, Span<long> result, int count);

    [LibraryImport(Library.Name)]
    public static partial Status wb_alias(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ndim(TensorHandle self, out long result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_numel(TensorHandle self, out long result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_element_size(TensorHandle self, out long result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_storage_offset(TensorHandle self, out long result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_is_contiguous(TensorHandle self, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_dtype(TensorHandle self, out int result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_device(TensorHandle self, out int type, out int index);

    [LibraryImport(Library.Name)]
    public static partial Status wb_data_ptr(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_item(TensorHandle self, out ScalarValue result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_to(
        TensorHandle self, in TensorPlace place, [MarshalAs(UnmanagedType.U1)] bool copy,
        [MarshalAs(UnmanagedType.U1)] bool nonBlocking, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_copy_(TensorHandle self, TensorHandle source, [MarshalAs(UnmanagedType.U1)] bool nonBlocking);

    [LibraryImport(Library.Name)]
    public static partial Status wb_set_data(TensorHandle self, TensorHandle source);

    [LibraryImport(Library.Name)]
    public static partial Status wb_contiguous(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_clone(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_detach(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_detach_(TensorHandle self);
}
