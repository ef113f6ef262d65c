namespace Workbench.Learning.Training;

/// <summary>How a run ended.</summary>
/// <param name="Status">completed or stopped.</param>
/// <param name="Steps">Optimizer steps done, those before a resumption included.</param>
/// <param name="TotalSteps">Optimizer steps of the whole run.</param>
/// <param name="Epoch">Passes over the dataset done.</param>
/// <param name="TrainLoss">Mean loss of all steps done.</param>
/// <param name="NumTokens">Tokens seen.</param>
/// <param name="TrainRuntime">Seconds of this process, from the first step to the last.</param>
/// <param name="OutputPath">The finished model, or the checkpoint to resume from.</param>
/// <param name="Notices">What its owner should know: rows cut or left out, limits lowered.</param>
/// <param name="TrainableParameters">Parameters that are trained: all, or those of the adapter.</param>
/// <param name="AllParameters">Of model and adapter.</param>
/// <param name="TimeShares">Where the steps of this process spent their time on the CPU: products, attention, … and other; null elsewhere.</param>
public sealed record TrainingSummary(
    string Status,
    int Steps,
    int TotalSteps,
    double Epoch,
    double TrainLoss,
    long NumTokens,
    double TrainRuntime,
    string OutputPath,
    IReadOnlyList<string> Notices,
    long TrainableParameters,
    long AllParameters,
    IReadOnlyDictionary<string, double>? TimeShares = null);
