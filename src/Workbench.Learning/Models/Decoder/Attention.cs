using TorchSharp;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>Causal self-attention with grouped queries (Ainslie et al., 2023): several query heads share one key and value head.</summary>
internal sealed class Attention(DecoderConfig config, int layer, Func<string, Projection> projection, Func<string, WeightPlace?> norm)
{
    private readonly Projection _q = projection("q_proj");
    private readonly Projection _k = projection("k_proj");
    private readonly Projection _v = projection("v_proj");
    private readonly Projection _o = projection("o_proj");
    private readonly WeightPlace? _qNorm = norm("q_norm"); // (D), where the family normalises heads
    private readonly WeightPlace? _kNorm = norm("k_norm");
    private readonly int _window = config.WindowOf(layer);

    /// <param name="x">(B, T, C)</param>
    /// <param name="angles">Of the T positions.</param>
    /// <param name="cache">Keys and values of earlier positions; null while training.</param>
    /// <param name="packed">Sequences that must not see each other; null where each row is one.</param>
    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles, KeyValueCache? cache, PackedSequences? packed)
    {
        using var scope = NewDisposeScope();
        var (batch, length) = (x.shape[0], x.shape[1]);
        Tensor Heads(Projection project, int heads, WeightPlace? gain)
        {
            var split = project.Forward(x).view(batch, length, heads, config.HeadDim);
            return (gain is null ? split : RmsNorm.Apply(split, gain.Value, config.RmsNormEps)).transpose(1, 2); // (B, H, T, D)
        }

        var q = RotaryEmbedding.Apply(Heads(_q, config.NumAttentionHeads, _qNorm), angles.Cos, angles.Sin);
        var k = RotaryEmbedding.Apply(Heads(_k, config.NumKeyValueHeads, _kNorm), angles.Cos, angles.Sin);
        var v = Heads(_v, config.NumKeyValueHeads, null);
        if (cache is not null)
        {
            (k, v) = cache.Append(layer, k, v); // (B, kvHeads, S, D)
        }

        var y = GroupedQueryAttention.Apply(q, k, v, window: _window, offsets: packed?.Offsets); // (B, H, T, D)
        return _o.Forward(y.transpose(1, 2).reshape(batch, length, -1)).MoveToOuterDisposeScope();
    }
}
