using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>Threads and devices. Native/src/device.cpp holds the other side.</summary>
internal static partial class Native
{
    [LibraryImport(Library.Name)]
    public static partial nint wb_torch_version();

    [LibraryImport(Library.Name)]
    public static partial Status wb_set_num_threads(int threads);

    [LibraryImport(Library.Name)]
    public static partial Status wb_get_num_threads(out int threads);

    [LibraryImport(Library.Name)]
    public static partial Status wb_cuda_device_count(out int count);

    [LibraryImport(Library.Name)]
    public static partial Status wb_cuda_synchronize(long device);
}
