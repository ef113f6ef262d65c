using TorchSharp;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>One block of the decoder: attention and a gated feed-forward block (SwiGLU; Shazeer, 2020), each on a residual path.</summary>
internal sealed class DecoderLayer
{
    private readonly double _eps;
    private readonly WeightPlace _inputNorm; // (C)
    private readonly Attention _attention;
    private readonly WeightPlace _postAttentionNorm; // (C)
    private readonly Projection _gate;
    private readonly Projection _up;
    private readonly Projection _down;

    /// <param name="config">The decoder's shape.</param>
    /// <param name="index">Number of the layer, from 0.</param>
    /// <param name="weight">The place of a weight by transformers' name, or null where the model has none of that name.</param>
    /// <param name="precision">Of the model's products.</param>
    public DecoderLayer(DecoderConfig config, int index, Func<string, WeightPlace?> weight, ComputePrecision precision)
    {
        var prefix = $"model.layers.{index}.";
        Projection Linear(string name) => Projections[prefix + name] = new(weight($"{prefix}{name}.weight")!, weight($"{prefix}{name}.bias"), precision);

        _eps = config.RmsNormEps;
        _inputNorm = weight(prefix + "input_layernorm.weight")!;
        _attention = new Attention(config, index, name => Linear("self_attn." + name), name => weight($"{prefix}self_attn.{name}.weight"));
        _postAttentionNorm = weight(prefix + "post_attention_layernorm.weight")!;
        _gate = Linear("mlp.gate_proj");
        _up = Linear("mlp.up_proj");
        _down = Linear("mlp.down_proj");
    }

    /// <summary>The linear modules by their whole names, e.g. <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public Dictionary<string, Projection> Projections { get; } = new(StringComparer.Ordinal);

    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles, KeyValueCache? cache, PackedSequences? packed) // (B, T, C)
    {
        using var scope = NewDisposeScope();
        x = x + _attention.Forward(RmsNorm.Apply(x, _inputNorm.Value, _eps), angles, cache, packed);
        return (x + FeedForward(RmsNorm.Apply(x, _postAttentionNorm.Value, _eps))).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x) => _down.Forward(SwiGlu.Apply(_gate.Forward(x), _up.Forward(x)));
}
