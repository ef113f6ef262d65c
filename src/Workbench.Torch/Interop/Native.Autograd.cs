using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Gradients. Native/src/autograd.cpp holds the other side.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_grad_enabled([MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_set_grad_enabled([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library.Name)]
    public static partial Status wb_inference_mode_new([MarshalAs(UnmanagedType.U1)] bool mode, out nint result);

    [LibraryImport(Library.Name)]
    public static partial void wb_inference_mode_free(nint guard);

    [LibraryImport(Library.Name)]
    public static partial Status wb_inference_mode_enabled([MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_requires_grad(TensorHandle self, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_set_requires_grad(TensorHandle self, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library.Name)]
    public static partial Status wb_is_leaf(TensorHandle self, [MarshalAs(UnmanagedType.U1)] out bool result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_retain_grad(TensorHandle self);

    [LibraryImport(Library.Name)]
    public static partial Status wb_grad(TensorHandle self, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_set_grad(TensorHandle self, TensorHandle grad);

    [LibraryImport(Library.Name)]
    public static partial Status wb_backward(
        nint[] roots, int count, nint[] grads, int gradCount, [MarshalAs(UnmanagedType.U1)] bool retainGraph,
        [MarshalAs(UnmanagedType.U1)] bool createGraph, nint[] inputs, int inputCount);

    [LibraryImport(Library.Name)]
    public static partial Status wb_autograd_grad(
        nint[] outputs, int outputCount, nint[] inputs, int inputCount, nint[] grads, int gradCount,
        [MarshalAs(UnmanagedType.U1)] bool retainGraph, [MarshalAs(UnmanagedType.U1)] bool createGraph,
        [MarshalAs(UnmanagedType.U1)] bool allowUnused, delegate* unmanaged<nint*, int, nint, void> take, nint state);
}
