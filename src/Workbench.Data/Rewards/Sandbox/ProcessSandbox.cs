using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Workbench.Data.Rewards.Sandbox;

/// <summary>
/// Runs a program that a model wrote. It sees a file system of its own, in which the system's programs are read-only and everything else is a small
/// memory disk; no network, no other processes, no privileges, an empty environment; time, memory, processes, files and output are bounded. It is
/// made of Linux's namespaces (user, mount, net, pid, ipc, uts) through util-linux's unshare. Where the kernel does not allow them nothing is run.
/// </summary>
public static class ProcessSandbox
{
    private const int KeptOutput = 16 * 1024;
    private const int NotIsolated = 125;

    /// <summary>
    /// $1 disk, $2 memory in KB, $3 seconds, $4 processes, then the command. The new root is a memory disk into which the programs' folders are bound
    /// read-only; the old root is unmounted, so that nothing leads back. setpriv gives up the capabilities that the namespace lends.
    /// </summary>
    private const string Enter = """
        set -e
        trap 'exit 125' EXIT
        disk=$1 memory=$2 seconds=$3 processes=$4; shift 4
        mount -t tmpfs -o "size=${disk}m,mode=755,nosuid,nodev" tmpfs /tmp
        cd /tmp
        mkdir usr proc dev work old etc tmp
        for folder in bin sbin lib lib32 lib64 libx32; do
          if [ -L "/$folder" ]; then cp -P "/$folder" "$folder"; elif [ -d "/$folder" ]; then mkdir "$folder"; mount --bind "/$folder" "$folder"; mount -o remount,bind,ro,nosuid "$folder"; fi
        done
        mount --bind /usr usr; mount -o remount,bind,ro,nosuid usr
        [ ! -d /etc/alternatives ] || { mkdir etc/alternatives; mount --bind /etc/alternatives etc/alternatives; mount -o remount,bind,ro etc/alternatives; }
        for device in null zero urandom; do : > "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
        mount -t proc proc proc
        pivot_root . old
        cd /work
        umount -l /old
        export PATH=/usr/bin:/bin HOME=/work LANG=C.UTF-8
        cat > /work/program
        trap - EXIT
        exec prlimit "--as=$((memory * 1024))" "--cpu=$seconds" "--nproc=$processes" --core=0 \
          setpriv --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@" < /dev/null
        """;

    /// <summary>Runs a program.</summary>
    /// <param name="program">Its text, which lies in the file <c>program</c> of its working folder.</param>
    /// <param name="command">Interpreter and arguments, such as <c>/usr/bin/python3 -I program</c>.</param>
    /// <param name="limits">What it may use.</param>
    /// <exception cref="RewardException">This system cannot isolate it.</exception>
    public static SandboxResult Run(string program, IReadOnlyList<string> command, SandboxLimits limits)
    {
        using var process = Start(command, limits);
        var output = new OutputTail(KeptOutput);
        var streams = Task.WhenAll(output.ReadAsync(process.StandardOutput), output.ReadAsync(process.StandardError));
        Feed(process, program);
        var inTime = process.WaitForExit(TimeSpan.FromSeconds(limits.Seconds));
        if (!inTime)
        {
            process.Kill(entireProcessTree: true); // unshare's child dies with it, and with that one all in its pid namespace
            process.WaitForExit();
        }

        streams.GetAwaiter().GetResult(); // nobody is left who could hold them open
        if (!inTime)
        {
            return new SandboxResult(null, output.ToString());
        }

        return process.ExitCode == NotIsolated
            ? throw new RewardException("unit_tests: this system does not let a program be isolated, so none is run: " + output
                + " Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1), or leave the reward out.")
            : new SandboxResult(process.ExitCode, output.ToString());
    }

    private static Process Start(IReadOnlyList<string> command, SandboxLimits limits)
    {
        var start = new ProcessStartInfo("unshare")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        string[] arguments =
        [
            "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "/bin/sh", "-c", Enter, "sandbox",
            .. new[] { limits.DiskMb, limits.MemoryMb * 1024, limits.Seconds, limits.Processes }.Select(limit => limit.ToString(CultureInfo.InvariantCulture)),
            .. command,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new RewardException("unit_tests: programs are isolated with Linux's namespaces through unshare (util-linux), which is not here. Leave the reward out.", exception);
        }
    }

    private static void Feed(Process process, string program)
    {
        try
        {
            process.StandardInput.Write(program);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell ended before it read the program; its exit status and output say why.
            process.StandardInput.BaseStream.Dispose();
        }
    }
}
