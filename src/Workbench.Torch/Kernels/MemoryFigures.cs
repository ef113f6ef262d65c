using System.Diagnostics;
using System.Globalization;

namespace Workbench.Torch.Kernels;

/// <summary>How much memory the process and a CUDA device's allocator hold, in bytes.</summary>
/// <param name="Resident">the process's memory in RAM now</param>
/// <param name="PeakResident">the most it ever was</param>
/// <param name="Cuda">the device's figures; null where there are none</param>
public sealed partial record MemoryFigures(long Resident, long PeakResident, CudaMemory? Cuda)
{
    /// <summary>Reads the figures.</summary>
    /// <param name="cudaDevice">the device's number</param>
    public static MemoryFigures Read(int cudaDevice = 0)
    {
        var (resident, peak) = ReadProcess();
        CudaMemory? cuda = null;
        TryCuda(cudaDevice, ref cuda);
        return new MemoryFigures(resident, peak, cuda);
    }

    static partial void TryCuda(int device, ref CudaMemory? figures);

    private static (long Resident, long Peak) ReadProcess()
    {
        // .NET's own peak is 0 on Linux, where the kernel tells both.
        const string status = "/proc/self/status";
        if (OperatingSystem.IsLinux() && File.Exists(status))
        {
            var lines = File.ReadAllLines(status);
            return (Kilobytes(lines, "VmRSS:"), Kilobytes(lines, "VmHWM:"));
        }

        using var process = Process.GetCurrentProcess();
        return (process.WorkingSet64, process.PeakWorkingSet64);
    }

    private static long Kilobytes(string[] lines, string key)
    {
        var line = lines.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        var number = line?[key.Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim();
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * 1024 : 0;
    }
}

/// <summary>What the CUDA allocator holds, in bytes.</summary>
/// <param name="Allocated">in tensors now</param>
/// <param name="PeakAllocated">the most in tensors ever</param>
/// <param name="Reserved">kept from the driver, in use or not</param>
public sealed record CudaMemory(long Allocated, long PeakAllocated, long Reserved);
