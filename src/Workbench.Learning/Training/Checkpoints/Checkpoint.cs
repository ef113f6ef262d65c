using System.Globalization;
using TorchSharp;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Safetensors;
using Workbench.Learning.Training.Optimizers;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>
/// A folder from which a run goes on as if it had never stopped: the model in Hugging Face's layout or the adapter in PEFT's (so that
/// it can also be used as it is), the optimizer's moments, the random state, and <see cref="TrainerState"/>.
/// </summary>
internal static class Checkpoint
{
    private const string OptimizerFile = "optimizer.safetensors";
    private const string RandomState = "rng_state";
    private const string OwnRandomState = "run_rng_state";

    /// <summary>Writes everything but the model itself into the existing folder <paramref name="directory"/>.</summary>
    public static void Save(string directory, IOptimizer optimizer, Generator generator, TrainerState state)
    {
        var tensors = optimizer.State.Select(entry => TensorStorage.Source(entry.Name, entry.Value)).ToList();
        using var random = get_rng_state();
        using var own = generator.get_state();
        tensors.Add(TensorStorage.Source(RandomState, random));
        tensors.Add(TensorStorage.Source(OwnRandomState, own));
        var steps = optimizer.Steps.ToString(CultureInfo.InvariantCulture);
        SafetensorsWriter.Write(
            Path.Combine(directory, OptimizerFile), tensors, new Dictionary<string, string> { ["format"] = "pt", ["step"] = steps });
        state.Write(directory);
    }

    /// <summary>False for a checkpoint of <c>save_only_model</c>, from which no run can go on.</summary>
    public static bool CanResume(string directory) => File.Exists(Path.Combine(directory, OptimizerFile));

    /// <summary>Puts the optimizer's state and the random state back; the model was loaded from the same folder.</summary>
    /// <exception cref="TrainingException">The folder is damaged or of another model.</exception>
    public static TrainerState Restore(string directory, IOptimizer optimizer, Generator generator)
    {
        var state = TrainerState.Read(directory);
        try
        {
            using var file = SafetensorsFile.Open(Path.Combine(directory, OptimizerFile));
            using var off = no_grad();
            optimizer.Steps = long.Parse(file.Header.Metadata["step"], CultureInfo.InvariantCulture);
            foreach (var (name, value) in optimizer.State)
            {
                using var scope = NewDisposeScope();
                value.copy_(TensorStorage.Read(file, file.Entry(name), value.device));
            }

            using var random = TensorStorage.Read(file, file.Entry(RandomState), CPU);
            set_rng_state(random);
            using var own = TensorStorage.Read(file, file.Entry(OwnRandomState), CPU);
            generator.set_state(own);
        }
        catch (Exception error) when (error is ModelException or KeyNotFoundException or FormatException)
        {
            throw new TrainingException($"{directory} cannot be resumed from ({error.Message}): delete it to resume from an earlier one.", error);
        }

        return state;
    }
}
