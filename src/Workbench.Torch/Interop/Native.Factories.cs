using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>New tensors. Native/src/factories.cpp holds the other side.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_from_memory(nint memory, ReadOnlySpan<long> sizes, int count, int dtype,
        delegate* unmanaged<nint, void> release, nint state, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_empty(ReadOnlySpan<long> sizes, int count, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_zeros(ReadOnlySpan<long> sizes, int count, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ones(ReadOnlySpan<long> sizes, int count, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_full(
        ReadOnlySpan<long> sizes, int count, in ScalarValue fill, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_eye(long rows, long columns, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_arange(
        in ScalarValue start, in ScalarValue stop, in ScalarValue step, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_linspace(double start, double end, long steps, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_empty_like(TensorHandle self, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_zeros_like(TensorHandle self, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_ones_like(TensorHandle self, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_full_like(TensorHandle self, in ScalarValue fill, in TensorPlace place, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_from_bytes(
        nint bytes, long length, ReadOnlySpan<long> sizes, int count, in TensorPlace place, out nint result);
}
