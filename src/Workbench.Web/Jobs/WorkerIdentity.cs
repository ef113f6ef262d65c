using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Workbench.Web.Jobs;

/// <summary>
/// Which process works on a run, kept in its folder (<c>worker.json</c>) so that an application started anew finds it again.
/// The start time tells it from a stranger that was given the same process id later.
/// </summary>
public sealed record WorkerIdentity(int Pid, DateTimeOffset StartedAt)
{
    private const string FileName = "worker.json";

    /// <summary>Process start times come from clock ticks and the boot time; two readings may differ by some of them.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    public static WorkerIdentity Of(Process process) => new(process.Id, process.StartTime.ToUniversalTime());

    public static void Write(string runFolder, WorkerIdentity identity)
    {
        var path = Path.Combine(runFolder, FileName);
        File.WriteAllText(path + ".tmp", JsonSerializer.Serialize(identity));
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>The last worker of the run; null where it never had one.</summary>
    public static WorkerIdentity? Read(string runFolder)
    {
        var path = Path.Combine(runFolder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<WorkerIdentity>(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether that very process still runs. One that is dead but not yet collected by its parent does not.</summary>
    public bool IsAlive()
    {
        using var process = Find();
        return process is not null;
    }

    /// <summary>Kills the process with its children, if it still is that process.</summary>
    public void Kill()
    {
        using var process = Find();
        try
        {
            process?.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // it ended in between, which is what was wanted
            return;
        }
    }

    private Process? Find()
    {
        Process? process = null;
        try
        {
            process = Process.GetProcessById(Pid);
            if (!process.HasExited && (process.StartTime.ToUniversalTime() - StartedAt).Duration() < Tolerance && !IsZombie())
            {
                return process;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // no such process
        }

        process?.Dispose();
        return null;
    }

    /// <summary>On Linux the state follows the command's name in parentheses (proc(5)); a container without an init keeps zombies for ever.</summary>
    private bool IsZombie()
    {
        var stat = $"/proc/{Pid}/stat";
        if (!File.Exists(stat))
        {
            return false;
        }

        var text = File.ReadAllText(stat);
        return text.AsSpan(text.LastIndexOf(')') + 1).TrimStart().StartsWith("Z");
    }
}
