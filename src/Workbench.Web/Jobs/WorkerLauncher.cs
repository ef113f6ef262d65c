using System.Diagnostics;

namespace Workbench.Web.Jobs;

/// <summary>
/// Starts worker processes. A worker outlives the application: it has its own session (Ctrl+C in the terminal does not reach it) and
/// writes to files of the run folder instead of pipes, so that nothing breaks when nobody reads.
/// </summary>
/// <param name="command">The program and its first arguments; the run folder is appended.</param>
public sealed class WorkerLauncher(IReadOnlyList<string> command)
{
    /// <summary>Where standard output and error of a worker go: what a native crash says last stands here.</summary>
    public const string OutputFile = "worker.txt";

    /// <summary>
    /// $0 is the output file, "$@" the command. <c>exec</c> keeps the process id, so that the process started is the worker itself;
    /// setsid (util-linux) does too, since the shell never leads a process group.
    /// </summary>
    private const string Detached = "if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\" >>\"$0\" 2>&1 </dev/null; else exec \"$@\" >>\"$0\" 2>&1 </dev/null; fi";

    /// <summary>The command that starts this very application as a worker.</summary>
    public static IReadOnlyList<string> OwnCommand()
    {
        var executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "workbench.exe" : "workbench");
        return File.Exists(executable)
            ? [executable, "worker"]
            : ["dotnet", Path.Combine(AppContext.BaseDirectory, "workbench.dll"), "worker"];
    }

    /// <summary>Starts a worker on the run folder and notes who it is.</summary>
    public Process Start(string runFolder)
    {
        var start = new ProcessStartInfo { WorkingDirectory = runFolder, UseShellExecute = false };
        string[] arguments = OperatingSystem.IsWindows()
            ? [.. command, runFolder]
            : ["/bin/sh", "-c", Detached, Path.Combine(runFolder, OutputFile), .. command, runFolder];
        start.FileName = arguments[0];
        foreach (var argument in arguments.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{arguments[0]} did not start");
        WorkerIdentity.Write(runFolder, WorkerIdentity.Of(process));
        return process;
    }
}
