using System.Diagnostics;
using System.Text.Json;

namespace Workbench.Benchmarks.Train;

/// <summary>A trainer in a process of its own: the JSON lines that it printed and the most memory that it held.</summary>
internal sealed record MeasuredProcess(IReadOnlyList<JsonElement> Lines, double PeakMegabytes)
{
    /// <exception cref="InvalidOperationException">The process failed; its complaint stands above.</exception>
    public static MeasuredProcess Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEndAsync();
        var lines = new List<JsonElement>();
        double peak = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(JsonElement.Parse(line));
            peak = Math.Max(peak, PeakOf(process.Id));
        }

        process.WaitForExit();
        return process.ExitCode == 0
            ? new MeasuredProcess(lines, peak)
            : throw new InvalidOperationException($"{Path.GetFileName(file)} {string.Join(' ', arguments.Take(2))} failed: {complaints.Result}");
    }

    /// <summary>VmHWM of the process, in MB; 0 once it has ended.</summary>
    private static double PeakOf(int process)
    {
        var status = $"/proc/{process}/status";
        return File.Exists(status) && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split(':', StringSplitOptions.TrimEntries)[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 1000
            : 0;
    }
}
