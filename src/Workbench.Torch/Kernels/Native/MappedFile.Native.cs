using System.Runtime.InteropServices;

using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

public sealed partial class MappedFile
{
    static partial void TryNative(SafeBuffer memory, long offset, long[] shape, ScalarType dtype, ref Tensor? result)
    {
        // libtorch wants elements at multiples of their size; a file that puts them elsewhere is copied.
        var held = false;
        memory.DangerousAddRef(ref held);
        var address = memory.DangerousGetHandle() + (nint)offset;
        if (address % 16 != 0)
        {
            memory.DangerousRelease();
            return;
        }

        // Every tensor holds the mapping: it goes when the last of them and the file are gone.
        var state = GCHandle.Alloc(memory);
        var status = FromMemory(address, shape, dtype, GCHandle.ToIntPtr(state), out var handle);
        if (status != Interop.Status.Ok)
        {
            state.Free();
            memory.DangerousRelease();
        }

        Interop.Native.Check(status);
        result = new Tensor(handle);
    }

    private static unsafe Interop.Status FromMemory(nint address, long[] shape, ScalarType dtype, nint state, out nint handle) =>
        Interop.Native.wb_from_memory(address, shape, shape.Length, (int)dtype, &Release, state, out handle);

    [UnmanagedCallersOnly]
    private static void Release(nint state)
    {
        var handle = GCHandle.FromIntPtr(state);
        ((SafeBuffer)handle.Target!).DangerousRelease();
        handle.Free();
    }
}
