namespace Workbench.Data.Rewards.Sandbox;

/// <summary>How a program in the sandbox ended.</summary>
/// <param name="ExitCode">Its exit status; null when it ran out of time.</param>
/// <param name="Output">The last of what it wrote, standard output and error together.</param>
public sealed record SandboxResult(int? ExitCode, string Output);
