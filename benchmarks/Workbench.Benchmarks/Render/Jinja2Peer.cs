using System.Diagnostics;
using System.Globalization;

namespace Workbench.Benchmarks.Render;

/// <summary>python3 with jinja2 over the same rows: it prepares once, then measures a round each time it is told to.</summary>
internal sealed class Jinja2Peer : IDisposable
{
    private readonly Process process;

    private Jinja2Peer(Process process) => this.process = process;

    /// <summary>Starts the peer; null where there is no python3 with jinja2.</summary>
    public static Jinja2Peer? Start(string corpus)
    {
        // The system's own interpreter first: others on the path often come without jinja2.
        foreach (var python in new[] { "/usr/bin/python3", "python3" })
        {
            try
            {
                var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Render", "jinja2_peer.py"), corpus])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                var process = Process.Start(start)!;
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                if (process.StandardOutput.ReadLine() == "ready")
                {
                    return new Jinja2Peer(process);
                }

                process.Dispose();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // This interpreter is not installed; the next may be.
                continue;
            }
        }

        return null;
    }

    /// <summary>Renders a second of one round.</summary>
    public double Measure()
    {
        process.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the jinja2 peer ended before it answered");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(5000);
        process.Dispose();
    }
}
