using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Checkpoints;

/// <summary>
/// A folder from which a run goes on as if it had never stopped: the model in Hugging Face's layout (so that it can also be used
/// as it is), AdamW's moments, the random state, and <see cref="TrainerState"/>.
/// </summary>
internal static class Checkpoint
{
    private const string OptimizerFile = "optimizer.safetensors";
    private const string RandomState = "rng_state";

    /// <summary>Writes everything into the existing folder <paramref name="directory"/>.</summary>
    public static void Save(
        string directory, DecoderModel model, AdamW optimizer, TrainerState state, string sourceDirectory, string? chatTemplate)
    {
        PretrainedModel.Save(model, directory, sourceDirectory, chatTemplate);
        var tensors = new List<TensorSource>();
        foreach (var (name, moments) in Moments(model, optimizer))
        {
            tensors.Add(TensorStorage.Source("exp_avg." + name, moments.exp_avg));
            tensors.Add(TensorStorage.Source("exp_avg_sq." + name, moments.exp_avg_sq));
        }

        using var random = get_rng_state();
        tensors.Add(TensorStorage.Source(RandomState, random));
        var steps = Moments(model, optimizer).First().State.step.ToString(CultureInfo.InvariantCulture);
        SafetensorsWriter.Write(
            Path.Combine(directory, OptimizerFile), tensors, new Dictionary<string, string> { ["format"] = "pt", ["step"] = steps });
        state.Write(directory);
    }

    /// <summary>Puts moments and random state back; the model was loaded from the same folder.</summary>
    /// <exception cref="TrainingException">The folder is damaged or of another model.</exception>
    public static TrainerState Restore(string directory, DecoderModel model, AdamW optimizer)
    {
        var state = TrainerState.Read(directory);
        try
        {
            using var file = SafetensorsFile.Open(Path.Combine(directory, OptimizerFile));
            using var off = no_grad();
            var step = long.Parse(file.Header.Metadata["step"], CultureInfo.InvariantCulture);
            foreach (var (name, moments) in Moments(model, optimizer))
            {
                using var scope = NewDisposeScope();
                moments.step = step;
                moments.exp_avg.copy_(TensorStorage.Read(file, file.Entry("exp_avg." + name), model.Device));
                moments.exp_avg_sq.copy_(TensorStorage.Read(file, file.Entry("exp_avg_sq." + name), model.Device));
            }

            using var random = TensorStorage.Read(file, file.Entry(RandomState), CPU);
            set_rng_state(random);
        }
        catch (Exception error) when (error is ModelException or KeyNotFoundException or FormatException)
        {
            throw new TrainingException($"{directory} cannot be resumed from ({error.Message}): delete it to resume from an earlier one.", error);
        }

        return state;
    }

    private static IEnumerable<(string Name, AdamW.State State)> Moments(DecoderModel model, AdamW optimizer) =>
        model.Weights.Zip(optimizer.state_dict().State, (weight, state) => (weight.Name, (AdamW.State)state));
}
