namespace Workbench.Learning.Training.Planning;

/// <summary>What a run will take.</summary>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="TokensPerStep">Mean real tokens of a step.</param>
/// <param name="OperationsPerStep">Mean floating-point operations of a step: padding, a reference model and what is computed twice included.</param>
/// <param name="MemoryBytes">Most memory of the worker process at once.</param>
/// <param name="Seconds">From the start of the worker to its end.</param>
/// <param name="DiskBytes">Of the run folder at the end.</param>
/// <param name="FromHistory">Whether the time goes by earlier runs on this machine.</param>
public sealed record RunEstimate(
    int Steps, double TokensPerStep, double OperationsPerStep, double MemoryBytes, double Seconds, double DiskBytes, bool FromHistory);
