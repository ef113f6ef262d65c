using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Models.Gguf;

/// <summary>The shape of a model under llama.cpp's keys (gguf-py, constants.py), with the values that its converter writes.</summary>
internal static class GgufModelMetadata
{
    /// <summary>llama.cpp's name of the architecture: Mistral's is Llama's.</summary>
    public static string ArchitectureOf(DecoderConfig config) => config.Architecture switch
    {
        "LlamaForCausalLM" or "MistralForCausalLM" => "llama",
        "Qwen2ForCausalLM" => "qwen2",
        "Qwen3ForCausalLM" => "qwen3",
        _ => throw new ModelException(
            $"The architecture {config.Architecture} cannot be written as GGUF; Llama, Mistral, Qwen2 and Qwen3 can. Export a Hugging Face folder instead."),
    };

    /// <param name="metadata">What to add to.</param>
    /// <param name="config">The model.</param>
    /// <param name="name">What the model is called.</param>
    /// <param name="type">Type of most weights.</param>
    public static void Add(GgufMetadata metadata, DecoderConfig config, string name, GgufType type)
    {
        var architecture = ArchitectureOf(config);
        metadata.Add("general.architecture", architecture);
        metadata.Add("general.type", "model");
        metadata.Add("general.name", name);
        metadata.Add("general.quantization_version", 2u);
        metadata.Add("general.file_type", type.FileType());
        metadata.Add($"{architecture}.block_count", (uint)config.NumHiddenLayers);
        metadata.Add($"{architecture}.context_length", (uint)ContextOf(config));
        metadata.Add($"{architecture}.embedding_length", (uint)config.HiddenSize);
        metadata.Add($"{architecture}.feed_forward_length", (uint)config.IntermediateSize);
        metadata.Add($"{architecture}.attention.head_count", (uint)config.NumAttentionHeads);
        metadata.Add($"{architecture}.attention.head_count_kv", (uint)config.NumKeyValueHeads);
        metadata.Add($"{architecture}.attention.layer_norm_rms_epsilon", (float)config.RmsNormEps);
        metadata.Add($"{architecture}.attention.key_length", (uint)config.HeadDim);
        metadata.Add($"{architecture}.attention.value_length", (uint)config.HeadDim);
        metadata.Add($"{architecture}.rope.dimension_count", (uint)config.HeadDim);
        metadata.Add($"{architecture}.rope.freq_base", (float)config.RopeTheta);
        if (config.RopeScaling is RopeScaling.Linear linear)
        {
            metadata.Add($"{architecture}.rope.scaling.type", "linear");
            metadata.Add($"{architecture}.rope.scaling.factor", (float)linear.Factor);
        }

        metadata.Add($"{architecture}.vocab_size", (uint)config.VocabSize);
    }

    /// <summary>
    /// llama.cpp has no window in these architectures: up to the window's length it computes what the model does, beyond it something
    /// that the model was not trained for.
    /// </summary>
    private static int ContextOf(DecoderConfig config) => Math.Min(config.MaxPositionEmbeddings, config.SlidingWindow ?? int.MaxValue);
}
