namespace Workbench.Benchmarks.Tokenize;

/// <summary>Looks every 5 ms at the managed heap, garbage included, and remembers the most.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private readonly Timer _timer;
    private long _peak;

    public MemoryWatch() => _timer = new Timer(_ => Look(), null, 0, 5);

    public long Peak()
    {
        Look();
        return Interlocked.Read(ref _peak);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = GC.GetTotalMemory(forceFullCollection: false);
        for (var seen = Interlocked.Read(ref _peak); now > seen; seen = Interlocked.Read(ref _peak))
        {
            Interlocked.CompareExchange(ref _peak, now, seen);
        }
    }
}
