using System.Text.Json;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Models.Safetensors;
using Workbench.Learning.Training.Checkpoints;
using static TorchSharp.torch;

namespace Workbench.Web.Services;

/// <summary>A model that was written.</summary>
/// <param name="Model">Full path of its folder.</param>
/// <param name="Parameters">How many it has.</param>
/// <param name="Dtype">Their type on disk.</param>
public sealed record WrittenModel(string Model, long Parameters, string Dtype);

/// <summary>Adapters into weights, weights into folders.</summary>
public static class ModelWriter
{
    public static string Json(WrittenModel written) => JsonSerializer.Serialize(written, JsonSerializerOptions.Web);

    /// <summary>Writes base model and adapter as one model; nothing is at <paramref name="target"/> before it is complete.</summary>
    /// <param name="model">Folder of the base model.</param>
    /// <param name="adapter">Folder of the adapter.</param>
    /// <param name="target">Folder to create.</param>
    /// <param name="dtype">Float type on disk; null for that of the base model.</param>
    /// <param name="maxShardBytes">Largest file of weights.</param>
    /// <param name="phase">Told what is being done.</param>
    /// <exception cref="Learning.Models.ModelException">A folder cannot be used, or the two do not fit.</exception>
    public static WrittenModel Merge(string model, string adapter, string target, ScalarType? dtype = null, long maxShardBytes = ShardedWeights.DefaultMaxShardBytes, Action<string>? phase = null)
    {
        phase?.Invoke("loading and merging");
        using var merged = MergedModel.Load(model, adapter);
        phase?.Invoke("writing");
        return Write(merged, target, model, File.Exists(Path.Combine(adapter, "tokenizer.json")) ? adapter : null, dtype, maxShardBytes);
    }

    /// <summary>Writes what a folder holds, an adapter merged into the model that it names, as one model.</summary>
    /// <exception cref="Learning.Models.ModelException">A folder cannot be used.</exception>
    public static WrittenModel Export(string source, string target, ScalarType? dtype = null, long maxShardBytes = ShardedWeights.DefaultMaxShardBytes)
    {
        if (AdapterFolder.Is(source))
        {
            return Merge(MergedModel.BaseOf(source), source, target, dtype, maxShardBytes);
        }

        using var model = PretrainedModel.Load(source);
        return Write(model, target, source, null, dtype, maxShardBytes);
    }

    private static WrittenModel Write(DecoderModel model, string target, string source, string? tokenizer, ScalarType? dtype, long maxShardBytes)
    {
        var type = dtype ?? PretrainedModel.StoredType(model.Config);
        if (Directory.Exists(target))
        {
            Directory.Delete(target); // known to be empty
        }

        RunFolder.WriteDirectory(
            target, folder => PretrainedModel.Save(model, folder, source, dtype: type, tokenizerDirectory: tokenizer, maxShardBytes: maxShardBytes));
        return new WrittenModel(target, model.Config.ParameterCount, type.ToString().ToLowerInvariant());
    }
}
