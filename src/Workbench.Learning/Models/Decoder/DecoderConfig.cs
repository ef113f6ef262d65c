namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// The shape of a decoder-only transformer, under the names of transformers' LlamaConfig. The decoder is described by this
/// data alone; a family that differs in more than data is refused by name when it is read.
/// </summary>
public sealed record DecoderConfig
{
    /// <summary>What transformers would instantiate, e.g. LlamaForCausalLM.</summary>
    public required string Architecture { get; init; }

    public required string ModelType { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int VocabSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int NumHiddenLayers { get; init; }

    public required int NumAttentionHeads { get; init; }

    /// <summary>Heads of keys and values; each serves <c>NumAttentionHeads / NumKeyValueHeads</c> heads of queries.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>Width of one head; not always <c>HiddenSize / NumAttentionHeads</c>.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Positions that the model was made for: its context.</summary>
    public required int MaxPositionEmbeddings { get; init; }

    public double RmsNormEps { get; init; } = 1e-6;

    public double RopeTheta { get; init; } = 10_000;

    /// <summary>The output projection is the embedding, transposed.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>How the rotary frequencies are stretched; null where they are not.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Biases on the projections to queries, keys and values.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>A bias on the projection out of attention.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Queries and keys are normalised head by head before they are rotated (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Keys that a query sees at most, itself included, in the layers that have a window (Mistral 7B, 2023); null for all.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>The layer from which on the window holds.</summary>
    public int FirstSlidingLayer { get; init; }

    /// <summary>Biases on the three projections of the feed-forward block.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Element type on disk according to config.json, e.g. bfloat16; null where it does not say.</summary>
    public string? TorchDtype { get; init; }

    /// <summary>
    /// Name and shape of every weight, as transformers names them; <c>lm_head.weight</c> only where it is a weight of its own.
    /// </summary>
    public IEnumerable<(string Name, long[] Shape)> Weights()
    {
        long hidden = HiddenSize;
        long queries = (long)NumAttentionHeads * HeadDim;
        long keys = (long)NumKeyValueHeads * HeadDim;
        yield return ("model.embed_tokens.weight", [VocabSize, hidden]);
        for (var layer = 0; layer < NumHiddenLayers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            yield return (prefix + "input_layernorm.weight", [hidden]);
            foreach (var (name, rows, columns, bias) in new[]
            {
                ("self_attn.q_proj", queries, hidden, AttentionBias),
                ("self_attn.k_proj", keys, hidden, AttentionBias),
                ("self_attn.v_proj", keys, hidden, AttentionBias),
                ("self_attn.o_proj", hidden, queries, AttentionOutputBias),
                ("mlp.gate_proj", IntermediateSize, hidden, MlpBias),
                ("mlp.up_proj", IntermediateSize, hidden, MlpBias),
                ("mlp.down_proj", hidden, IntermediateSize, MlpBias),
            })
            {
                yield return (prefix + name + ".weight", [rows, columns]);
                if (bias)
                {
                    yield return (prefix + name + ".bias", [rows]);
                }
            }

            if (QueryKeyNorm)
            {
                yield return (prefix + "self_attn.q_norm.weight", [HeadDim]);
                yield return (prefix + "self_attn.k_norm.weight", [HeadDim]);
            }

            yield return (prefix + "post_attention_layernorm.weight", [hidden]);
        }

        yield return ("model.norm.weight", [hidden]);
        if (!TieWordEmbeddings)
        {
            yield return ("lm_head.weight", [VocabSize, hidden]);
        }
    }

    /// <summary>The window of a layer; 0 where it sees everything.</summary>
    internal int WindowOf(int layer) => layer >= FirstSlidingLayer ? SlidingWindow ?? 0 : 0;

    /// <summary>Number of parameters; a tied output projection counts once.</summary>
    public long ParameterCount => Weights().Sum(weight => weight.Shape.Aggregate(1L, (a, b) => a * b));
}
