using System.Runtime.InteropServices;

namespace Workbench.Torch.Kernels;

/// <summary>
/// libtorch refused an operation; the message is its own. An <see cref="ExternalException"/>, as TorchSharp throws, so that
/// one catch serves the binding and the package alike.
/// </summary>
public class TorchException : ExternalException
{
    public TorchException(string message) : base(message)
    {
    }

    public TorchException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>The device, or the system, had not the memory that an operation asked for.</summary>
public sealed class TorchOutOfMemoryException(string message) : TorchException(message);

/// <summary>A device was asked for that is not there: no CUDA in this libtorch, no driver, or no such index.</summary>
public sealed class TorchDeviceException(string message) : TorchException(message);

/// <summary>libtorch has no such operation for this device, layout or element type.</summary>
public sealed class TorchNotSupportedException(string message) : TorchException(message);

/// <summary>The native library is not where it should be, or cannot be loaded.</summary>
public sealed class TorchLibraryException(string path, Exception reason) : TorchException(
    $"The native library {path} cannot be loaded ({Cause(reason)}). Run ./workbench, which installs libtorch and builds it, "
    + "or set WORKBENCH_TORCH_LIBRARY to a built libworkbench_torch.so.", reason)
{
    // .NET puts advice for strace and LD_DEBUG before the loader's own words, which come last.
    private static string Cause(Exception reason) =>
        reason.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no reason given";
}
