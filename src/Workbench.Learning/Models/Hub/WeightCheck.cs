using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Models.Hub;

/// <summary>Whether the weights on disk are those that config.json describes.</summary>
internal static class WeightCheck
{
    private const string Embedding = "model.embed_tokens.weight";
    private const string Head = "lm_head.weight";

    /// <summary>The name under which a weight lies on disk: a tied matrix may have been saved under either of its names.</summary>
    public static string StoredName(string name, DecoderConfig config, SafetensorsFolder weights) =>
        name == Embedding && config.TieWordEmbeddings && !weights.Contains(Embedding) ? Head
        : name == Head && !weights.Contains(Head) ? Embedding
        : name;

    /// <summary>Missing weights and weights of another shape or of no float type, a sentence each; at most ten.</summary>
    public static IEnumerable<string> Problems(DecoderConfig config, SafetensorsFolder weights) =>
        config.Weights().Select(weight => Problem(config, weights, weight.Name, weight.Shape)).OfType<string>().Take(10);

    private static string? Problem(DecoderConfig config, SafetensorsFolder weights, string name, long[] shape)
    {
        var stored = StoredName(name, config, weights);
        if (!weights.Contains(stored))
        {
            return $"{weights.Directory}: the weights hold no tensor \"{name}\", which config.json calls for. "
                + "Is config.json that of another model, or a shard missing?";
        }

        var entry = weights.Entry(stored);
        if (!entry.Shape.SequenceEqual(shape))
        {
            return $"{weights.FileOf(stored).Path}: tensor \"{stored}\" has the shape [{string.Join(", ", entry.Shape)}], "
                + $"but config.json makes it [{string.Join(", ", shape)}]. Take config.json and weights from the same model.";
        }

        return entry.Type.IsFloat()
            ? null
            : $"{weights.FileOf(stored).Path}: tensor \"{stored}\" has the type {entry.Type}; weights must be "
              + "F16, BF16, F32 or F64. Take the model's weights before they were quantised.";
    }
}
