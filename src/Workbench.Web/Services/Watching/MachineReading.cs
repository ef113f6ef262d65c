using System.Diagnostics;
using System.Globalization;

namespace Workbench.Web.Services.Watching;

/// <summary>A GPU as nvidia-smi reports it.</summary>
/// <param name="Name">Its model.</param>
/// <param name="Utilization">Share of the time that it worked, 0 to 1.</param>
/// <param name="MemoryUsed">Bytes.</param>
/// <param name="MemoryTotal">Bytes.</param>
/// <param name="Temperature">Degrees Celsius.</param>
/// <param name="Watts">Power; null where it does not tell.</param>
public sealed record GpuReading(string Name, double Utilization, long MemoryUsed, long MemoryTotal, double Temperature, double? Watts);

/// <summary>How busy the machine is.</summary>
/// <param name="Cpu">Share of all cores since the reading before, 0 to 1; null at the first.</param>
/// <param name="Cores">Cores.</param>
/// <param name="MemoryUsed">Bytes of the machine's memory in use.</param>
/// <param name="MemoryTotal">Bytes.</param>
/// <param name="Worker">Bytes that the run's worker holds; null where none works.</param>
/// <param name="Gpus">None where there is none.</param>
public sealed record MachineReading(double? Cpu, int Cores, long MemoryUsed, long MemoryTotal, long? Worker, IReadOnlyList<GpuReading> Gpus);

/// <summary>Reads how busy the machine is, from /proc and nvidia-smi; where there is neither, from the runtime.</summary>
public sealed class MachineMonitor
{
    private static readonly TimeSpan GpuPatience = TimeSpan.FromSeconds(2);
    private static readonly Lazy<string?> NvidiaSmi = new(() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "nvidia-smi")).FirstOrDefault(File.Exists));

    private (long Busy, long All)? before;

    /// <summary>One reading.</summary>
    /// <param name="worker">Process id of the run's worker.</param>
    /// <param name="cancellationToken">Ends the wait for nvidia-smi.</param>
    public async Task<MachineReading> ReadAsync(int? worker, CancellationToken cancellationToken = default)
    {
        var memory = GC.GetGCMemoryInfo();
        var (used, total) = MachineMemory() ?? (memory.MemoryLoadBytes, memory.TotalAvailableMemoryBytes);
        return new MachineReading(Cpu(), Environment.ProcessorCount, used, total, worker is { } pid ? Resident(pid) : null, await GpusAsync(cancellationToken));
    }

    /// <summary>Parses <c>nvidia-smi --query-gpu=name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw --format=csv,noheader,nounits</c>.</summary>
    public static IReadOnlyList<GpuReading> ParseGpus(string csv) =>
    [
        .. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(',', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6)
            .Select(cells => new GpuReading(
                cells[0], (Number(cells[1]) ?? 0) / 100, (long)((Number(cells[2]) ?? 0) * 1048576), (long)((Number(cells[3]) ?? 0) * 1048576), Number(cells[4]) ?? 0, Number(cells[5]))),
    ];

    /// <summary>Share of the time that the cores worked between two readings of /proc/stat (proc(5): idle and iowait are the 4th and 5th).</summary>
    private double? Cpu()
    {
        if (!File.Exists("/proc/stat"))
        {
            return null;
        }

        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(value => long.Parse(value, CultureInfo.InvariantCulture)).ToArray();
        var now = (Busy: ticks.Sum() - ticks[3] - ticks[4], All: ticks.Sum());
        double? share = before is var (busy, all) && now.All > all ? (double)(now.Busy - busy) / (now.All - all) : null;
        before = now;
        return share;
    }

    private static (long Used, long Total)? MachineMemory()
    {
        if (!File.Exists("/proc/meminfo"))
        {
            return null;
        }

        var fields = File.ReadLines("/proc/meminfo").Select(line => line.Split(':', StringSplitOptions.TrimEntries)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        long Of(string name) => fields.TryGetValue(name, out var text) ? long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) * 1024 : 0;
        return (Of("MemTotal") - Of("MemAvailable"), Of("MemTotal"));
    }

    private static long? Resident(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.WorkingSet64;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null; // it has ended
        }
    }

    private static async Task<IReadOnlyList<GpuReading>> GpusAsync(CancellationToken cancellationToken)
    {
        if (NvidiaSmi.Value is not { } program)
        {
            return [];
        }

        using var process = Process.Start(new ProcessStartInfo(program, ["--query-gpu=name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw", "--format=csv,noheader,nounits"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            return ParseGpus(await process.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(GpuPatience, cancellationToken));
        }
        catch (TimeoutException)
        {
            process.Kill();
            return [];
        }
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
