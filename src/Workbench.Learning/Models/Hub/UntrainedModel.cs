using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Safetensors;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Hub;

/// <summary>Begins a model from nothing: a folder in Hugging Face's layout with random weights, to be pretrained.</summary>
public static class UntrainedModel
{
    /// <summary>Deviation of the first weights: transformers' <c>initializer_range</c>.</summary>
    private const double InitializerRange = 0.02;

    /// <summary>
    /// Writes <c>config.json</c> and <c>model.safetensors</c> (float32): matrices normal around 0, norms 1, biases 0, as transformers
    /// starts a Llama.
    /// </summary>
    /// <param name="directory">Created where it does not exist.</param>
    /// <param name="config">What <c>config.json</c> shall hold; must describe a supported decoder.</param>
    /// <param name="seed">Of the weights.</param>
    /// <exception cref="ModelException">The configuration describes no supported decoder.</exception>
    public static void Write(string directory, JsonObject config, int seed)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJsonString(PretrainedModel.Indented) + "\n");
        var decoder = DecoderConfigReader.Read(directory);
        manual_seed(seed);
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(
            Path.Combine(directory, "model.safetensors"),
            [.. decoder.Weights().Select(weight => TensorStorage.Source(weight.Name, First(weight.Name, weight.Shape)))]);
    }

    private static Tensor First(string name, long[] shape) =>
        name.EndsWith(".bias", StringComparison.Ordinal) ? zeros(shape)
        : shape.Length == 1 ? ones(shape)
        : empty(shape).normal_(0, InitializerRange);
}
