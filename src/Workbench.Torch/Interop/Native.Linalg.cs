using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Matrix products. Native/src/linalg.cpp holds the other side.</summary>
internal static partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_matmul(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mm(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_bmm(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_mv(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_dot(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_outer(TensorHandle self, TensorHandle other, out nint result);

    [LibraryImport(Library.Name)]
    public static partial Status wb_addmm(
        TensorHandle self, TensorHandle mat1, TensorHandle mat2, float beta, float alpha, out nint result);

    [LibraryImport(Library.Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Status wb_einsum(string equation, nint[] list, int count, out nint result);
}
