using System.Globalization;
using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Training.Planning;

/// <summary>Why a run would end before its first step, or for want of room after it.</summary>
/// <param name="Rule">no-device, memory or disk.</param>
/// <param name="Problem">With the figures and the remedy.</param>
public sealed record LaunchProblem(string Rule, string Problem);

/// <summary>What a run asks of the machine, held against what there is, before it is queued.</summary>
public static class LaunchChecks
{
    /// <summary>The device, the memory that no setting of the batch can lower, and the disk.</summary>
    /// <param name="config">Complete, every id replaced by a path.</param>
    /// <param name="model">The shape of its model.</param>
    /// <param name="diskBytes">Of the run folder at the end; null where it is not known.</param>
    /// <param name="folder">Where run folders are.</param>
    public static IReadOnlyList<LaunchProblem> Of(RunConfig config, DecoderConfig model, double? diskBytes, string folder) =>
        Of(config, model, diskBytes, folder, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, new DriveInfo(folder).AvailableFreeSpace);

    internal static IReadOnlyList<LaunchProblem> Of(RunConfig config, DecoderConfig model, double? diskBytes, string folder, double memory, double disk)
    {
        var problems = new List<LaunchProblem>();
        try
        {
            if (config.Device.StartsWith("cuda", StringComparison.Ordinal))
            {
                TrainingDevice.Resolve(config.Device);
            }
        }
        catch (TrainingException error)
        {
            problems.Add(new("no-device", error.Message));
        }

        if (MemoryNeed.Problem(model, config, memory) is { } need)
        {
            problems.Add(new("memory", need));
        }

        if (diskBytes > disk)
        {
            problems.Add(new("disk", string.Create(CultureInfo.InvariantCulture,
                $"The run folder grows to about {diskBytes / 1e9:F2} GB, but the disk of {folder} has {disk / 1e9:F2} GB free: make room, raise save_steps, lower save_total_limit, or set save_only_model.")));
        }

        return problems;
    }
}
