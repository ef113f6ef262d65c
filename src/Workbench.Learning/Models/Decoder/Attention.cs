using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>Causal self-attention with grouped queries (Ainslie et al., 2023): several query heads share one key and value head.</summary>
internal sealed class Attention(DecoderConfig config, int layer, Func<string, Projection> projection)
{
    private readonly Projection _q = projection("q_proj");
    private readonly Projection _k = projection("k_proj");
    private readonly Projection _v = projection("v_proj");
    private readonly Projection _o = projection("o_proj");

    /// <param name="x">(B, T, C)</param>
    /// <param name="angles">Of the T positions.</param>
    /// <param name="cache">Keys and values of earlier positions; null while training.</param>
    public Tensor Forward(Tensor x, (Tensor Cos, Tensor Sin) angles, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var (batch, length) = (x.shape[0], x.shape[1]);
        Tensor Heads(Projection projection, int heads) =>
            projection.Forward(x).view(batch, length, heads, config.HeadDim).transpose(1, 2); // (B, H, T, D)

        var q = RotaryEmbedding.Apply(Heads(_q, config.NumAttentionHeads), angles);
        var k = RotaryEmbedding.Apply(Heads(_k, config.NumKeyValueHeads), angles);
        var v = Heads(_v, config.NumKeyValueHeads);
        if (cache is not null)
        {
            (k, v) = cache.Append(layer, k, v); // (B, kvHeads, S, D)
        }

        var y = Attend(q, Repeat(k), Repeat(v)); // (B, H, T, D)
        return _o.Forward(y.transpose(1, 2).reshape(batch, length, -1)).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(q kᵀ / √D) v, where a query sees the keys up to its own position; the T queries are the last of S positions.</summary>
    private static Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        var (queries, keys) = (q.shape[2], k.shape[2]);
        var scores = q.matmul(k.transpose(2, 3)) / Math.Sqrt(q.shape[3]); // (B, H, T, S)
        if (queries > 1)
        {
            var future = ones([queries, keys], dtype: ScalarType.Bool, device: q.device).triu(keys - queries + 1);
            scores = scores.masked_fill(future, double.NegativeInfinity);
        }

        return nn.functional.softmax(scores, -1).matmul(v);
    }

    private Tensor Repeat(Tensor x) // (B, kvHeads, S, D) -> (B, H, S, D)
    {
        var times = config.NumAttentionHeads / config.NumKeyValueHeads;
        return times == 1
            ? x
            : x.unsqueeze(2).expand(-1, -1, times, -1, -1).reshape(x.shape[0], config.NumAttentionHeads, x.shape[2], x.shape[3]);
    }
}
