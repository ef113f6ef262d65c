using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Workbench.Benchmarks.Pages;

/// <summary>The published application on a data folder.</summary>
internal sealed partial class ServedWorkbench : IAsyncDisposable
{
    private readonly Process process;

    private ServedWorkbench(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<ServedWorkbench> StartAsync(string folder)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(Places.Root, "artifacts", "app", "workbench"), ["serve", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["WORKBENCH_DATA"] = folder },
        })!;
        _ = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Pattern().Match(line) is { Success: true } found)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new(process, new Uri(found.Value));
            }
        }

        throw new InvalidOperationException("the application ended before it served");
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(); // not its tree: the live runs' worker is this process, which is none of its children
        await process.WaitForExitAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Pattern();
}
