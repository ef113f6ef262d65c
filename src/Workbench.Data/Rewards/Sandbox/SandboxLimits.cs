namespace Workbench.Data.Rewards.Sandbox;

/// <summary>What a program in the sandbox may use.</summary>
public sealed record SandboxLimits
{
    /// <summary>Seconds until it is killed; its processor time has the same limit.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Megabytes of address space of each process.</summary>
    public int MemoryMb { get; init; } = 1024;

    /// <summary>Megabytes of files, which lie in memory.</summary>
    public int DiskMb { get; init; } = 64;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = 64;
}
