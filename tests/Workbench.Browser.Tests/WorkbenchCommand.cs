using System.Diagnostics;

namespace Workbench.Browser.Tests;

/// <summary>A verb of the published application, run as a user runs it.</summary>
internal static class WorkbenchCommand
{
    /// <summary>Runs to the end and gives standard output; anything but exit status 0 fails the test with what was printed.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(WorkbenchProcess.Executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"workbench {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await errors}");
        return await output;
    }
}
