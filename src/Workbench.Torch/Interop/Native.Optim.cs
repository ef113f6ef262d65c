using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Kernels of our own: optim. Native/src/optim.cpp holds the other side.</summary>
internal static partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial Status wb_clip_grad_norm_(nint[] list, int count, double maxNorm, double normType, out double norm);
}
