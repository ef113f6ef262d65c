using System.Runtime.InteropServices;

using Workbench.Torch.Kernels;

namespace Workbench.Torch.Interop;

/// <summary>What a native call returns; shim.h has the same order.</summary>
internal enum Status
{
    Ok = 0,
    Failed = 1,
    OutOfMemory = 2,
    NoDevice = 3,
    NotSupported = 4,
}

internal static partial class Native
{
    static Native() => Library.Register();

    /// <summary>Throws the typed exception of a call that did not go well.</summary>
    public static void Check(Status status)
    {
        if (status != Status.Ok)
        {
            Throw(status);
        }
    }

    private static void Throw(Status status)
    {
        var message = Marshal.PtrToStringUTF8(wb_last_error()) ?? string.Empty;
        throw status switch
        {
            Status.OutOfMemory => new TorchOutOfMemoryException(message),
            Status.NoDevice => new TorchDeviceException(message),
            Status.NotSupported => new TorchNotSupportedException(message),
            _ => new TorchException(message),
        };
    }

    [LibraryImport(Library.Name)]
    private static partial nint wb_last_error();
}
