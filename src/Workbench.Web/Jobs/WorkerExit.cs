namespace Workbench.Web.Jobs;

/// <summary>How a worker process ended.</summary>
/// <param name="Code">Its exit code; null when it is not this process's child, so that the system does not tell.</param>
public sealed record WorkerExit(int? Code)
{
    private static readonly Dictionary<int, string> Signals = new()
    {
        [4] = "SIGILL", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE", [9] = "SIGKILL", [11] = "SIGSEGV", [15] = "SIGTERM",
    };

    /// <summary>In words. A shell's convention, which .NET follows: 128 + n is death by signal n.</summary>
    public string Describe() => Code switch
    {
        null => "The worker process ended while the application was away.",
        137 => "The worker process was killed (SIGKILL), by hand or because the system ran out of memory.",
        > 128 and var code when Signals.TryGetValue(code - 128, out var signal) => $"The worker process crashed ({signal}).",
        var code => $"The worker process ended with exit code {code} before it had finished.",
    };
}
