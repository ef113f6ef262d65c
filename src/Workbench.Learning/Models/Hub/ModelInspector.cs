using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Models.Hub;

/// <summary>What a model folder holds.</summary>
/// <param name="Architecture">Name from config.json, supported or not; null where there is none.</param>
/// <param name="ParameterCount">Elements of all weights on disk; null where they cannot be read.</param>
/// <param name="VocabSize">Rows of the embedding.</param>
/// <param name="HiddenSize">Width of the residual stream.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="ContextLength">Positions that the model was made for.</param>
/// <param name="Dtype">Element type of the weights on disk, e.g. bfloat16; several are joined by a comma.</param>
/// <param name="HasChatTemplate">The folder brings a chat template.</param>
/// <param name="Problems">Everything that keeps the model from being used, in words; empty where it can be.</param>
public sealed record ModelDescription(
    string? Architecture,
    long? ParameterCount,
    int? VocabSize,
    int? HiddenSize,
    int? Layers,
    int? ContextLength,
    string? Dtype,
    bool HasChatTemplate,
    IReadOnlyList<string> Problems);

/// <summary>Looks at a model folder without loading its weights.</summary>
public static class ModelInspector
{
    /// <summary>Describes the folder; never throws for what is wrong with it, but says so in <see cref="ModelDescription.Problems"/>.</summary>
    public static ModelDescription Inspect(string directory)
    {
        var problems = new List<string>();
        var json = Try(() => DecoderConfigReader.ReadJson(directory), problems);
        var config = json is null ? null : Try(() => DecoderConfigReader.Read(directory), problems);
        using var weights = Try(() => SafetensorsFolder.Open(directory), problems);
        if (config is not null && weights is not null)
        {
            problems.AddRange(WeightCheck.Problems(config, weights));
        }

        if (config is not null)
        {
            problems.AddRange(VocabularyCheck.Problems(directory, config));
        }

        if (json is not null && !File.Exists(Path.Combine(directory, "tokenizer.json")))
        {
            problems.Add(PretrainedModel.NoTokenizer(directory).Message);
        }

        var entries = weights?.Names.Select(weights.Entry).ToList();
        return new ModelDescription(
            (json?["architectures"] as JsonArray)?.FirstOrDefault()?.ToString() ?? config?.Architecture,
            entries?.Sum(entry => entry.Count),
            config?.VocabSize,
            config?.HiddenSize,
            config?.NumHiddenLayers,
            config?.MaxPositionEmbeddings,
            entries is null ? null : string.Join(", ", entries.Select(entry => entry.Type.TorchName()).Distinct().Order(StringComparer.Ordinal)),
            HasChatTemplate(directory),
            problems);
    }

    private static T? Try<T>(Func<T> read, List<string> problems)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ModelException error)
        {
            if (!problems.Contains(error.Message))
            {
                problems.Add(error.Message);
            }

            return null;
        }
    }

    /// <summary>Whether a folder brings a chat template.</summary>
    public static bool HasChatTemplate(string directory)
    {
        if (File.Exists(Path.Combine(directory, "chat_template.jinja")))
        {
            return true;
        }

        try
        {
            return JsonNode.Parse(File.ReadAllBytes(Path.Combine(directory, "tokenizer_config.json")))?["chat_template"] is not null;
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
