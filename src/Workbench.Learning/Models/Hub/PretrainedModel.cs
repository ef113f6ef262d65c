using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Safetensors;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Hub;

/// <summary>Loads a decoder from a folder in Hugging Face's layout and writes it back as one.</summary>
public static class PretrainedModel
{
    /// <summary>What goes along unchanged when a model is saved, where the folder that it came from has it.</summary>
    private static readonly string[] TokenizerFiles =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.txt", "vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json",
    ];

    private static readonly string[] ModelFiles = ["generation_config.json", "LICENSE", "LICENSE.txt"];

    internal static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Loads the model with float32 weights, whatever float type they have on disk.</summary>
    /// <exception cref="ModelException">The folder cannot be used; the message says why.</exception>
    public static DecoderModel Load(string directory, Device? device = null)
    {
        device ??= CPU;
        var config = DecoderConfigReader.Read(directory);
        using var folder = SafetensorsFolder.Open(directory);
        if (WeightCheck.Problems(config, folder).Concat(VocabularyCheck.Problems(directory, config)).FirstOrDefault() is { } problem)
        {
            throw new ModelException(problem);
        }

        return new DecoderModel(config, ReadWeights(config, folder, device));
    }

    /// <summary>Replaces the weights of a loaded model by those of another folder of the same shape.</summary>
    /// <exception cref="ModelException">The folder cannot be used; the message says why.</exception>
    internal static void Load(this DecoderModel model, string directory)
    {
        using var folder = SafetensorsFolder.Open(directory);
        if (WeightCheck.Problems(model.Config, folder).FirstOrDefault() is { } problem)
        {
            throw new ModelException(problem);
        }

        using var off = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in model.Weights)
        {
            var stored = WeightCheck.StoredName(name, model.Config, folder);
            weight.copy_(TensorStorage.Read(folder.FileOf(stored), folder.Entry(stored), model.Device, ScalarType.Float32));
        }
    }

    /// <summary>The tensors that the configuration calls for, in float32; <see cref="WeightCheck"/> has seen them.</summary>
    internal static Dictionary<string, Tensor> ReadWeights(DecoderConfig config, SafetensorsFolder folder, Device device)
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, _) in config.Weights())
        {
            var stored = WeightCheck.StoredName(name, config, folder);
            var weight = TensorStorage.Read(folder.FileOf(stored), folder.Entry(stored), device, ScalarType.Float32);
            weights[name] = weight.DetachFromDisposeScope();
        }

        return weights;
    }

    /// <summary>The float type that the model's folder keeps its weights in, by its config.json; float32 where that does not say.</summary>
    public static ScalarType StoredType(DecoderConfig config) => config.TorchDtype switch
    {
        "bfloat16" => ScalarType.BFloat16,
        "float16" => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    /// <summary>The tokenizer of the folder, or null where it has none: rows of ids need none.</summary>
    public static PretrainedTokenizer? LoadTokenizer(string directory) =>
        File.Exists(Path.Combine(directory, "tokenizer.json")) ? PretrainedTokenizer.Load(directory) : null;

    internal static ModelException NoTokenizer(string directory) => new(
        $"{directory} holds no tokenizer.json: save the tokenizer beside the model "
        + "(AutoTokenizer.from_pretrained(name).save_pretrained(folder)).");

    /// <summary>
    /// Writes config, weights and, from <paramref name="sourceDirectory"/>, tokenizer, chat template, generation settings
    /// and licence: a folder that transformers loads.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="directory">An existing folder.</param>
    /// <param name="sourceDirectory">Where the model was loaded from.</param>
    /// <param name="chatTemplate">The template that it was trained with, in place of its own.</param>
    /// <param name="dtype">Float type on disk.</param>
    /// <param name="tokenizerDirectory">Where tokenizer and chat template are, in place of <paramref name="sourceDirectory"/>.</param>
    /// <param name="maxShardBytes">Largest file of weights; more are written with an index (transformers' <c>max_shard_size</c>).</param>
    public static void Save(
        DecoderModel model, string directory, string sourceDirectory, string? chatTemplate = null, ScalarType dtype = ScalarType.Float32,
        string? tokenizerDirectory = null, long maxShardBytes = ShardedWeights.DefaultMaxShardBytes)
    {
        CopyTokenizer(tokenizerDirectory ?? sourceDirectory, directory, chatTemplate);
        foreach (var name in ModelFiles)
        {
            CopyWhereThere(sourceDirectory, directory, name);
        }

        var config = DecoderConfigReader.ReadJson(sourceDirectory);
        config.Remove("dtype");
        config["torch_dtype"] = dtype.ToString().ToLowerInvariant();
        config["vocab_size"] = model.Config.VocabSize;
        config["tie_word_embeddings"] = model.Config.TieWordEmbeddings;
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJsonString(Indented) + "\n");
        ShardedWeights.Write(directory, model.Weights.Select(weight => TensorStorage.Source(weight.Name, weight.Weight, dtype)), maxShardBytes);
    }

    /// <summary>Copies everything that <see cref="Save"/> takes from the folder that a model came from.</summary>
    internal static void CopyBesideWeights(string sourceDirectory, string directory)
    {
        CopyTokenizer(sourceDirectory, directory, chatTemplate: null);
        foreach (var name in ModelFiles.Append("config.json"))
        {
            CopyWhereThere(sourceDirectory, directory, name);
        }
    }

    /// <summary>Copies the tokenizer with its chat template, or with another in its place.</summary>
    internal static void CopyTokenizer(string sourceDirectory, string directory, string? chatTemplate)
    {
        foreach (var name in TokenizerFiles)
        {
            CopyWhereThere(sourceDirectory, directory, name);
        }

        const string Named = "additional_chat_templates";
        if (Directory.Exists(Path.Combine(sourceDirectory, Named)))
        {
            Directory.CreateDirectory(Path.Combine(directory, Named));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(sourceDirectory, Named), "*.jinja"))
            {
                CopyWhereThere(sourceDirectory, directory, Path.Combine(Named, Path.GetFileName(file)));
            }
        }

        if (chatTemplate is not null)
        {
            WriteChatTemplate(directory, chatTemplate);
        }
    }

    private static void CopyWhereThere(string sourceDirectory, string directory, string name)
    {
        var source = Path.Combine(sourceDirectory, name);
        if (File.Exists(source))
        {
            File.Copy(source, Path.Combine(directory, name), overwrite: true);
        }
    }

    /// <summary>
    /// Puts the template into <c>chat_template.jinja</c>, where newer versions of transformers look first, and into
    /// <c>tokenizer_config.json</c>, where older versions, vLLM and llama.cpp's converter look.
    /// </summary>
    private static void WriteChatTemplate(string directory, string chatTemplate)
    {
        File.WriteAllText(Path.Combine(directory, "chat_template.jinja"), chatTemplate);
        File.Delete(Path.Combine(directory, "chat_template.json"));
        var path = Path.Combine(directory, "tokenizer_config.json");
        var config = File.Exists(path) ? JsonNode.Parse(File.ReadAllBytes(path))!.AsObject() : [];
        config["chat_template"] = chatTemplate;
        File.WriteAllText(path, config.ToJsonString(Indented) + "\n");
    }
}
