using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Workbench.Browser.Tests;

/// <summary>
/// The published application, running as its users run it: its own process, an empty data folder, a free loopback port.
/// </summary>
internal sealed partial class WorkbenchProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> output;

    private readonly bool keep;

    private WorkbenchProcess(Process process, List<string> output, string dataFolder, Uri address, bool keep)
    {
        this.keep = keep;
        this.process = process;
        this.output = output;
        DataFolder = dataFolder;
        Address = address;
    }

    public Uri Address { get; }

    public string DataFolder { get; }

    /// <summary>What the application printed so far; goes into a failing test's message.</summary>
    public string Output
    {
        get { lock (output) { return string.Join('\n', output); } }
    }

    /// <summary>Path of the published executable; skips the test where <c>./workbench</c> has not built it yet.</summary>
    public static string Executable
    {
        get
        {
            var path = Path.Combine(Shared.Root, "artifacts", "app", "workbench");
            Assert.SkipUnless(File.Exists(path), "needs the published application: run ./workbench test, which builds it");
            return path;
        }
    }

    /// <summary>Whether this system lets a process have a disk of its own.</summary>
    public static bool MayMount()
    {
        try
        {
            using var trial = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", Path.GetTempPath()]) { RedirectStandardError = true })!;
            trial.WaitForExit();
            return trial.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no unshare
        }
    }

    /// <summary>Starts the application and waits until it serves.</summary>
    /// <param name="dataFolder">Its data; null for a new, empty folder.</param>
    /// <param name="keep">Whether the folder stays when the process is disposed.</param>
    /// <param name="diskMegabytes">Size of the disk that the folder is; null for the system's. The test does not see what is on it.</param>
    public static async Task<WorkbenchProcess> StartAsync(string? dataFolder = null, bool keep = false, int? diskMegabytes = null)
    {
        dataFolder ??= Directory.CreateTempSubdirectory("workbench-browser-").FullName;
        string[] serve = [Executable, "serve", "--urls", "http://127.0.0.1:0"];
        string[] command = diskMegabytes is null ? serve
            : ["unshare", "--map-root-user", "--mount", "sh", "-c", $"mount -t tmpfs -o size={diskMegabytes}m tmpfs \"$WORKBENCH_DATA\" && exec \"$@\"", "sh", .. serve];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = dataFolder,
            Environment = { ["WORKBENCH_DATA"] = dataFolder },
        };
        var output = new List<string>();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        void Take(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (output) { output.Add(line); }
            if (AddressPattern().Match(line) is { Success: true } match)
            {
                address.TrySetResult(new Uri(match.Value));
            }
        }

        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("the application ended before it served"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new(process, output, dataFolder, await address.Task.WaitAsync(TimeSpan.FromSeconds(60)), keep);
        }
        catch (Exception e)
        {
            process.Kill(entireProcessTree: true);
            lock (output) { throw new InvalidOperationException($"{e.Message}; it printed:\n{string.Join('\n', output)}", e); }
        }
    }

    /// <summary>Ends the application as closing its terminal would, without touching the data folder.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        if (keep)
        {
            return;
        }

        try
        {
            Directory.Delete(DataFolder, recursive: true);
        }
        catch (IOException e)
        {
            // A worker that is just ending may still hold a file; the folder lies under the system's temporary folder.
            Console.Error.WriteLine($"left {DataFolder}: {e.Message}");
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex AddressPattern();
}
