using System.Runtime.InteropServices;

namespace Workbench.Torch.Interop;

/// <summary>
/// Owns one heap at::Tensor. Released once, whoever does it: a dispose, a scope's end, or the finalizer on its own thread;
/// a call in flight on another thread keeps it alive until it returns.
/// </summary>
internal sealed class TensorHandle : SafeHandle
{
    private static long s_live;
    private static long s_peak;

    /// <summary>Stands for no tensor where a call takes an optional one.</summary>
    public static TensorHandle None { get; } = new();

    /// <summary>What is left in a tensor whose native one was handed over: every use of it throws.</summary>
    public static TensorHandle Moved { get; } = Closed();

    public TensorHandle() : base(0, ownsHandle: false)
    {
    }

    public TensorHandle(nint tensor) : base(0, ownsHandle: true)
    {
        SetHandle(tensor);
        var live = Interlocked.Increment(ref s_live);
        if (live > Volatile.Read(ref s_peak))
        {
            Volatile.Write(ref s_peak, live);
        }
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>How many are alive now.</summary>
    public static long Live => Volatile.Read(ref s_live);

    /// <summary>The most that were alive at once.</summary>
    public static long Peak => Volatile.Read(ref s_peak);

    private static TensorHandle Closed()
    {
        var handle = new TensorHandle();
        handle.Dispose();
        return handle;
    }

    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref s_live);
        Native.wb_free(handle);
        return true;
    }
}
