using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>Whether a run folder that was used before may be trained on.</summary>
internal static class Resumption
{
    /// <summary>Options that change no weight.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "output_dir", "run_name", "logging_steps", "logging_first_step", "eval_dataset", "eval_strategy", "eval_steps", "eval_samples",
        "per_device_eval_batch_size", "save_strategy", "save_steps", "save_total_limit",
    };

    /// <summary>The step to resume from, or null to begin.</summary>
    /// <exception cref="TrainingException">The run is finished, or was begun with another configuration.</exception>
    public static int? Find(RunFolder folder, RunConfig config)
    {
        if (folder.ReadStatus()?.Status == RunStates.Completed)
        {
            throw new TrainingException($"{folder.Path} holds a finished run: choose another output_dir, or delete the folder.");
        }

        var checkpoints = folder.Checkpoints();
        if (checkpoints.Count == 0)
        {
            return null;
        }

        if (Differences(folder, config) is { Count: > 0 } differences)
        {
            throw new TrainingException(
                $"{folder.Path} holds checkpoints of a run with other values of {string.Join(", ", differences)}: "
                + "resume with the same configuration, choose another output_dir, or delete the folder.");
        }

        return Checkpoint.CanResume(folder.CheckpointPath(checkpoints[^1]))
            ? checkpoints[^1]
            : throw new TrainingException(
                $"{folder.Path} holds checkpoints of models only (save_only_model), from which no run can go on: choose another output_dir, "
                + "or delete the folder.");
    }

    private static List<string> Differences(RunFolder folder, RunConfig config)
    {
        JsonObject before;
        try
        {
            before = JsonNode.Parse(File.ReadAllBytes(folder.ConfigPath))!.AsObject();
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new TrainingException($"{folder.ConfigPath} cannot be read ({error.Message}): choose another output_dir.", error);
        }

        return [.. JsonNode.Parse(config.ToJson())!.AsObject()
            .Where(pair => !Harmless.Contains(pair.Key) && !JsonNode.DeepEquals(pair.Value, before[pair.Key]))
            .Select(pair => pair.Key)];
    }
}
