namespace Workbench.Torch.Kernels;

/// <summary>
/// While one is held, the memory of freed CPU tensors is kept for the next ones instead of being returned to the system page by
/// page and zeroed again. At most a tenth more is held than was ever in use at once. For a process that trains.
/// </summary>
public sealed partial class KeptMemory : IDisposable
{
    private static int _held;

    public KeptMemory()
    {
        if (Interlocked.Increment(ref _held) == 1)
        {
            TryKeep(true);
        }
    }

    /// <summary>Returns what is kept to the system when no other holds.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _held) == 0)
        {
            TryKeep(false);
        }
    }

    static partial void TryKeep(bool keep);
}
