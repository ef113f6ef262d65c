using System.Globalization;

namespace Workbench.Benchmarks.Data;

/// <summary>The most memory that this process holds while something runs: Linux's VmHWM, set back before.</summary>
internal static class PeakMemory
{
    /// <summary>Forgets the peak so far.</summary>
    public static void Reset()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (File.Exists("/proc/self/clear_refs"))
        {
            File.WriteAllText("/proc/self/clear_refs", "5"); // proc(5): resets the peak resident set size
        }
    }

    /// <summary>Megabytes since then; NaN where there is no /proc.</summary>
    public static double Megabytes() => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM", StringComparison.Ordinal)) is { } line
        ? double.Parse(line.Split(':', StringSplitOptions.TrimEntries)[1].Split(' ')[0], CultureInfo.InvariantCulture) / 1000
        : double.NaN;
}
