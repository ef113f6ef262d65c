using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <param name="Loss">a scalar: the sum of -log p(target) over the rows that count; differentiable</param>
/// <param name="Statistics">
/// (3), float64: how many rows count, how many of their targets had the largest logit, and the sum of the entropies of their
/// distributions, in nats
/// </param>
public sealed record LinearCrossEntropyResult(Tensor Loss, Tensor Statistics);

/// <summary>
/// The last linear layer and its cross-entropy in one, chunk by chunk: the full logits, by far the largest tensor of a step,
/// never
/// exist. Gradients are made while a chunk's logits are there (as in Liger Kernel, Hsu et al. 2024).
/// </summary>
public static partial class LinearCrossEntropy
{
    private const long ChunkElements = 1L << 23;

    /// <param name="hidden">(N, D)</param>
    /// <param name="weight">(V, D)</param>
    /// <param name="targets">(N), int64, shifted already</param>
    /// <param name="ignoreIndex">rows of this target do not count</param>
    /// <param name="rowWeights">(N), what each row's loss is multiplied by; null is 1; no gradient flows to it</param>
    /// <param name="labelSmoothing">
    /// the share of the loss that is the mean of -log p over all classes (Szegedy et al. 2016), in [0, 1)
    /// </param>
    /// <param name="bfloat16">rounds the factors of the products, as <see cref="LinearProduct"/> does</param>
    public static LinearCrossEntropyResult Apply(Tensor hidden, Tensor weight, Tensor targets, long ignoreIndex = -100,
        Tensor? rowWeights = null, double labelSmoothing = 0, bool bfloat16 = false)
    {
        LinearCrossEntropyResult? result = null;
        TryNative(hidden, weight, targets, ignoreIndex, rowWeights, labelSmoothing, bfloat16, ref result);
        return result ?? Composition(hidden, weight, targets, ignoreIndex, rowWeights, labelSmoothing, bfloat16);
    }

    /// <summary>The same in TorchSharp's calls, in chunks too.</summary>
    public static LinearCrossEntropyResult Composition(Tensor hidden, Tensor weight, Tensor targets, long ignoreIndex = -100,
        Tensor? rowWeights = null, double labelSmoothing = 0, bool bfloat16 = false)
    {
        using var scope = NewDisposeScope();
        var gradients = is_grad_enabled();
        var (forHidden, forWeight) = (gradients && hidden.requires_grad, gradients && weight.requires_grad);
        Tensor Factor(Tensor t) => bfloat16 ? t.to_type(ScalarType.BFloat16) : t;
        Tensor Sum(Tensor t) => t.to_type(hidden.dtype);
        Tensor loss, statistics;
        Tensor? hiddenGradient = null, weightGradient = null;
        using (no_grad())
        {
            var kept = targets.ne(ignoreIndex).nonzero().squeeze(1);
            var (rows, labels) = (hidden.index_select(0, kept), targets.index_select(0, kept));
            var weights = rowWeights?.index_select(0, kept).to_type(hidden.dtype).unsqueeze(1); // (kept, 1)
            loss = zeros([], hidden.dtype, hidden.device);
            statistics = zeros([3], ScalarType.Float64, hidden.device);
            statistics[0].fill_(kept.size(0));
            var rowGradient = zeros_like(rows);
            weightGradient = forWeight ? zeros_like(weight) : null;
            var chunk = Math.Max(16, ChunkElements / Math.Max(1, weight.size(0)));
            for (var start = 0L; start < rows.size(0); start += chunk)
            {
                using var step = NewDisposeScope();
                var count = Math.Min(chunk, rows.size(0) - start);
                var (h, y) = (rows.narrow(0, start, count), labels.narrow(0, start, count).unsqueeze(1));
                var logits = Sum(nn.functional.linear(Factor(h), Factor(weight)));         // (C, V)
                var logps = special.log_softmax(logits, -1);
                var probabilities = logps.exp();
                var w = weights?.narrow(0, start, count);
                var terms = logps.gather(1, y) * (1 - labelSmoothing) + logps.mean([1], keepdim: true) * labelSmoothing; // (C, 1)
                loss.sub_((w is null ? terms : terms * w).sum());
                statistics[1].add_(logits.argmax(-1).eq(y.squeeze(1)).sum());
                statistics[2].sub_((probabilities * logps).sum());
                var goal = zeros_like(logits).scatter_(1, y, ones_like(y).to_type(logits.dtype)) * (1 - labelSmoothing);
                var difference = probabilities.sub_(goal.add_(labelSmoothing / weight.size(0)));
                difference = w is null ? difference : difference.mul_(w);
                rowGradient.narrow(0, start, count).copy_(Factor(difference).matmul(Factor(weight)));
                weightGradient?.add_(Sum(Factor(difference).t().matmul(Factor(h))));
            }

            if (forHidden)
            {
                hiddenGradient = zeros_like(hidden);
                hiddenGradient.index_add_(0, kept, rowGradient, 1);
            }
        }

        // A term of value 0 whose gradient is the one just made carries it into the graph.
        foreach (var (tensor, gradient) in new[] { (hidden, hiddenGradient), (weight, weightGradient) })
        {
            if (gradient is not null)
            {
                loss += ((tensor - tensor.detach()) * gradient).sum();
            }
        }

        return new LinearCrossEntropyResult(loss.MoveToOuterDisposeScope(), statistics.MoveToOuterDisposeScope());
    }

    static partial void TryNative(Tensor hidden, Tensor weight, Tensor targets, long ignoreIndex,
        Tensor? rowWeights, double labelSmoothing, bool bfloat16, ref LinearCrossEntropyResult? result);
}
