using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Workbench.Benchmarks.Data;

/// <summary>What the python3 peer found.</summary>
internal sealed record MinHashPeer(int Rows, double Seconds, IReadOnlySet<int> Removed)
{
    /// <summary>Runs the peer over the first rows of a file; null where there is no python3 with numpy.</summary>
    public static MinHashPeer? Run(string path, int count, double threshold)
    {
        // The system's own interpreter first: others on the path often come without numpy.
        foreach (var python in new[] { "/usr/bin/python3", "python3" })
        {
            try
            {
                string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Data", "minhash_peer.py"), path, count.ToString(CultureInfo.InvariantCulture), threshold.ToString(CultureInfo.InvariantCulture)];
                using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true })!;
                var output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode == 0)
                {
                    var json = JsonElement.Parse(output);
                    return new MinHashPeer(
                        json.GetProperty("rows").GetInt32(), json.GetProperty("seconds").GetDouble(), json.GetProperty("removed").EnumerateArray().Select(number => number.GetInt32()).ToHashSet());
                }
            }
            catch (Win32Exception)
            {
                // This interpreter is not installed; the next may be.
                continue;
            }
        }

        return null;
    }
}
