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
    /// <param name="window">keys that a causal query sees at most, itself included; 0 for all</param>
    /// <param name="offsets">where each of several packed sequences begins, and the end of the last, T: a query sees only
    /// its own sequence. Causal, and T = S. Null for one sequence.</param>
    /// <returns>(B, H, T, E)</returns>
    public static Tensor Apply(Tensor query, Tensor key, Tensor value, bool causal = true, Tensor? mask = null,
        double? scale = null, int window = 0, long[]? offsets = null)
    {
        var factor = scale ?? (1 / Math.Sqrt(query.size(-1)));
        Tensor? result = null;
        if (mask is null)
        {
            TryNative(query, key, value, causal, factor, window, offsets ?? [], ref result);
        }

        return result ?? Composition(query, key, value, causal, mask, factor, window, offsets);
    }

    /// <summary>The same in TorchSharp's calls; the query heads of a group are rows beside each other, so nothing is repeated
    /// here either.</summary>
    public static Tensor Composition(Tensor query, Tensor key, Tensor value, bool causal = true, Tensor? mask = null,
        double? scale = null, int window = 0, long[]? offsets = null)
    {
        var (batch, heads, length, dim) = (query.size(0), query.size(1), query.size(2), query.size(3));
        var (groups, keys) = (key.size(1), key.size(2));
        if (groups == 0 || heads % groups != 0)
        {
            throw new ArgumentException($"{heads} query heads cannot share {groups} key heads", nameof(key));
        }

        var rows = query.reshape(batch, groups, heads / groups * length, dim);
        var scores = rows.matmul(key.transpose(-2, -1)).view(batch, heads, length, keys) * (scale ?? (1 / Math.Sqrt(dim)));
        if (causal)
        {
            scores = scores.masked_fill(Hidden(length, keys, window, offsets, query.device), double.NegativeInfinity);
        }

        if (mask is not null)
        {
            scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity)
                : scores + mask;
        }

        var weights = scores.softmax(-1).view(batch, groups, heads / groups * length, keys);
        return weights.matmul(value).view(batch, heads, length, value.size(3));
    }

    /// <summary>(T, S): true where a causal query must not look.</summary>
    private static Tensor Hidden(long length, long keys, int window, long[]? offsets, Device device)
    {
        var hidden = ones(length, keys, ScalarType.Bool, device).triu(keys - length + 1);
        if (window > 0)
        {
            hidden = hidden.logical_or(ones(length, keys, ScalarType.Bool, device).tril(keys - length - window));
        }

        if (offsets is not null)
        {
            var sequence = zeros(keys, ScalarType.Int64, device);
            foreach (var start in offsets.Skip(1).SkipLast(1))
            {
                sequence = sequence + arange(0, keys, 1, ScalarType.Int64, device).ge(start).to_type(ScalarType.Int64);
            }

            hidden = hidden.logical_or(sequence.unsqueeze(0).ne(sequence.unsqueeze(1)));
        }

        return hidden;
    }

    static partial void TryNative(Tensor query, Tensor key, Tensor value, bool causal, double scale, int window, long[] offsets,
        ref Tensor? result);
}
