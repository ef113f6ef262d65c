using System.Runtime.InteropServices;

namespace Workbench.Torch.Kernels;

/// <summary>What a failure in libtorch was about, told from the exception, be it the binding's or the package's.</summary>
public static class TorchFailures
{
    // libtorch itself has one exception type for nearly everything: the difference stands in its words.
    private static readonly string[] OutOfMemory =
        ["can't allocate memory", "not enough memory", "out of memory", "Storage size calculation overflowed", "bad_alloc"];

    private static readonly string[] NoDevice =
    [
        "not linked with support for", "from the 'CUDA' backend", "No CUDA GPUs", "no NVIDIA driver", "CUDA driver",
        "invalid device ordinal", "Cannot initialize CUDA", "CUDA is not available",
    ];

    /// <summary>Whether memory ran out, the device's or the system's.</summary>
    public static bool IsOutOfMemory(Exception exception) =>
        exception is TorchOutOfMemoryException or OutOfMemoryException || Says(exception, OutOfMemory);

    /// <summary>Whether a device was asked for that is not there.</summary>
    public static bool IsNoDevice(Exception exception) => exception is TorchDeviceException || Says(exception, NoDevice);

    private static bool Says(Exception exception, string[] words) =>
        exception is ExternalException or InvalidOperationException
        && words.Any(word => exception.Message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
