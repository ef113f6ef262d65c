using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <summary>
/// Attention in which several query heads share a key/value head (Ainslie et al. 2023), without repeating keys and values:
/// softmax(q kᵀ scale + mask) v. With as many key/value heads as query heads it is plain multi-head attention.
/// </summary>
public static partial class GroupedQueryAttention
{
    /// <param name="query">(B, H, T, D)</param>
    /// <param name="key">(B, K, S, D), H a multiple of K</param>
    /// <param name="value">(B, K, S, E)</param>
    /// <param name="causal">query i sees keys 0 to S - T + i: the last query is level with the last key, as with a cache</param>
    /// <param name="mask">broadcast to (B, H, T, S): added to the scores, or, of truth values, true where attention is
    /// allowed</param>
    /// <param name="scale">1/sqrt(D) where null</param>
    /// <returns>(B, H, T, E)</returns>
    public static Tensor Apply(Tensor query, Tensor key, Tensor value, bool causal = true, Tensor? mask = null,
        double? scale = null)
    {
        var factor = scale ?? (1 / Math.Sqrt(query.size(-1)));
        Tensor? result = null;
        if (mask is null)
        {
            TryNative(query, key, value, causal, factor, ref result);
        }

        return result ?? Composition(query, key, value, causal, mask, factor);
    }

    /// <summary>The same in TorchSharp's calls; the query heads of a group are rows beside each other, so nothing is repeated
    /// here either.</summary>
    public static Tensor Composition(Tensor query, Tensor key, Tensor value, bool causal = true, Tensor? mask = null,
        double? scale = null)
    {
        var (batch, heads, length, dim) = (query.size(0), query.size(1), query.size(2), query.size(3));
        var (groups, keys) = (key.size(1), key.size(2));
        if (groups == 0 || heads % groups != 0)
        {
            throw new ArgumentException($"{heads} query heads cannot share {groups} key heads", nameof(key));
        }

        var rows = query.reshape(batch, groups, heads / groups * length, dim);
        var scores = rows.matmul(key.transpose(-2, -1)).view(batch, heads, length, keys) * (scale ?? (1 / Math.Sqrt(dim)));
        if (causal && length > 1)
        {
            var future = ones(length, keys, ScalarType.Bool, query.device).triu(keys - length + 1);
            scores = scores.masked_fill(future, double.NegativeInfinity);
        }

        if (mask is not null)
        {
            scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity)
                : scores + mask;
        }

        var weights = scores.softmax(-1).view(batch, groups, heads / groups * length, keys);
        return weights.matmul(value).view(batch, heads, length, value.size(3));
    }

    static partial void TryNative(Tensor query, Tensor key, Tensor value, bool causal, double scale, ref Tensor? result);
}
