using System.Globalization;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>Whether a checkpoint fits on the disk: asked before the first step and before each checkpoint, not found out halfway.</summary>
internal static class FreeSpace
{
    /// <summary>Settings, tokenizer, trainer state: what is beside the tensors.</summary>
    private const long Besides = 64L << 20;

    /// <exception cref="TrainingException">It does not fit; with both figures.</exception>
    public static void Require(string folder, long tensorBytes)
    {
        if (Problem(folder, tensorBytes + Besides, new DriveInfo(folder).AvailableFreeSpace) is { } problem)
        {
            throw new TrainingException(problem);
        }
    }

    internal static string? Problem(string folder, long needed, long free) => needed <= free
        ? null
        : string.Create(CultureInfo.InvariantCulture,
            $"A checkpoint needs {needed / 1e9:F2} GB, but the disk of {folder} has {free / 1e9:F2} GB free: make room, then start the run again "
            + $"(it goes on from its latest checkpoint), or lower save_total_limit or set save_only_model.");
}
