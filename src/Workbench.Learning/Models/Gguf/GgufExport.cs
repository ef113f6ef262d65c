using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Models.Gguf;

/// <summary>Writes a model folder as one GGUF file for llama.cpp, Ollama and LM Studio: weights, shape, tokenizer and chat template.</summary>
public static class GgufExport
{
    /// <summary>The type on disk that loses nothing: that of the model's weights, F32 where they have several or float64.</summary>
    /// <exception cref="ModelException">The folder cannot be used.</exception>
    public static GgufType LosslessType(string directory)
    {
        using var weights = SafetensorsFolder.Open(directory);
        return weights.Names.Select(name => weights.Entry(name).Type).Distinct().ToList() switch
        {
            [TensorType.F16] => GgufType.F16,
            [TensorType.BF16] => GgufType.BF16,
            _ => GgufType.F32,
        };
    }

    /// <param name="directory">The model, in Hugging Face's layout; an adapter is to be merged first.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="name">What the model is called (<c>general.name</c>).</param>
    /// <param name="type">Type of the matrices.</param>
    /// <param name="written">Told how many bytes of how many are in the file.</param>
    /// <param name="cancellationToken">Cancels between tensors; nothing is left behind.</param>
    /// <returns>Number of parameters.</returns>
    /// <exception cref="ModelException">The folder cannot be used, or holds what llama.cpp has nothing for: said by name, before anything is written.</exception>
    public static long Write(
        string directory, string path, string name, GgufType type, Action<long, long>? written = null, CancellationToken cancellationToken = default)
    {
        var config = DecoderConfigReader.Read(directory);
        using var weights = SafetensorsFolder.Open(directory);
        if (WeightCheck.Problems(config, weights).FirstOrDefault() is { } problem)
        {
            throw new ModelException(problem);
        }

        var metadata = new GgufMetadata();
        GgufModelMetadata.Add(metadata, config, name, type);
        GgufVocabulary.Add(metadata, directory, config.VocabSize);
        GgufWriter.Write(path, metadata, GgufWeights.Of(config, weights, type), written, cancellationToken);
        return config.ParameterCount;
    }
}
