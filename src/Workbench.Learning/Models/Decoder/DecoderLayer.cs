using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>One block of the decoder: attention and a gated feed-forward block (SwiGLU; Shazeer, 2020), each on a residual path.</summary>
internal sealed class DecoderLayer
{
    private readonly RmsNorm _inputNorm;
    private readonly Attention _attention;
    private readonly RmsNorm _postAttentionNorm;
    private readonly Projection _gate;
    private readonly Projection _up;
    private readonly Projection _down;

    /// <param name="config">The decoder's shape.</param>
    /// <param name="index">Number of the layer, from 0.</param>
    /// <param name="weight">A parameter by transformers' name, or null where the model has none of that name.</param>
    public DecoderLayer(DecoderConfig config, int index, Func<string, Parameter?> weight)
    {
        var prefix = $"model.layers.{index}.";
        Projection Linear(string name) => new(weight($"{prefix}{name}.weight")!, weight($"{prefix}{name}.bias"));
        RmsNorm Norm(string name) => new(weight($"{prefix}{name}.weight")!, config.RmsNormEps);

        _inputNorm = Norm("input_layernorm");
        _attention = new Attention(config, index, name => Linear("self_attn." + name));
        _postAttentionNorm = Norm("post_attention_layernorm");
        _gate = Linear("mlp.gate_proj");
        _up = Linear("mlp.up_proj");
        _down = Linear("mlp.down_proj");
    }

    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles, KeyValueCache? cache) // (B, T, C)
    {
        using var scope = NewDisposeScope();
        x = x + _attention.Forward(_inputNorm.Forward(x), angles, cache);
        return (x + FeedForward(_postAttentionNorm.Forward(x))).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x) => _down.Forward(nn.functional.silu(_gate.Forward(x)) * _up.Forward(x));
}
