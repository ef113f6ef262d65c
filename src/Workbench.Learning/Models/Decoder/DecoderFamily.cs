namespace Workbench.Learning.Models.Decoder;

/// <summary>A family of decoders: its names in config.json, and what transformers assumes where config.json is silent.</summary>
/// <param name="Architecture">What transformers instantiates.</param>
/// <param name="ModelType">The <c>model_type</c> of its configuration.</param>
internal sealed record DecoderFamily(string Architecture, string ModelType)
{
    public static IReadOnlyList<DecoderFamily> All { get; } =
    [
        new("LlamaForCausalLM", "llama"),
        new("MistralForCausalLM", "mistral") { KeyValueHeads = 8, MaxPositionEmbeddings = 131_072, AlwaysSlides = true },
        new("Qwen2ForCausalLM", "qwen2") { KeyValueHeads = 32, MaxPositionEmbeddings = 32_768, QkvBias = true, MaySlide = true },
        new("Qwen3ForCausalLM", "qwen3") { KeyValueHeads = 32, MaxPositionEmbeddings = 32_768, HeadDim = 128, QueryKeyNorm = true, MaySlide = true },
    ];

    /// <summary>Null: as many as query heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary>Null: hidden_size / num_attention_heads.</summary>
    public int? HeadDim { get; init; }

    public int MaxPositionEmbeddings { get; init; } = 2048;

    /// <summary>Queries, keys and values have biases, whatever <c>attention_bias</c> says; the projection out of attention has none.</summary>
    public bool QkvBias { get; init; }

    public bool QueryKeyNorm { get; init; }

    /// <summary><c>sliding_window</c> holds in every layer unless it is null.</summary>
    public bool AlwaysSlides { get; init; }

    /// <summary><c>sliding_window</c> holds from layer <c>max_window_layers</c> on where <c>use_sliding_window</c> is true.</summary>
    public bool MaySlide { get; init; }
}
