using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Preference;

/// <summary>How probable a model finds the answers of a batch. The full logits never exist.</summary>
/// <param name="Sums">(B): the sum of the log-probabilities of each row's labels; carries the gradient.</param>
/// <param name="Labels">(B): how many labels each row has, at least 1.</param>
/// <param name="TextSums">(B): the same sum over prompt and answer; null unless asked for.</param>
/// <param name="TextTokens">(B): targets of prompt and answer.</param>
/// <param name="LogitSums">For each row: the sum over its labels of the mean of the logits over the vocabulary.</param>
internal sealed record SequenceLogps(Tensor Sums, Tensor Labels, Tensor? TextSums, Tensor TextTokens, double[] LogitSums)
{
    /// <summary>(B): the mean log-probability of a label.</summary>
    public Tensor Means => Sums / Labels;

    /// <summary>Runs the model; the tensors live in the caller's dispose scope.</summary>
    /// <param name="model">The policy or the reference.</param>
    /// <param name="rows">Side by side in one batch.</param>
    /// <param name="wholeText">Score the prompts too (ORPO).</param>
    public static SequenceLogps Compute(DecoderModel model, IReadOnlyList<TrainingRow> rows, bool wholeText = false)
    {
        using var scope = NewDisposeScope();
        var (batch, device) = (TokenBatch.Pad(rows), model.Device);
        var hidden = model.Hidden(tensor(batch.InputIds, new long[] { batch.Rows, batch.Length }, device: device)); // (B, T, C)
        List<long> positions = [], targets = [], owners = [];
        List<float> labelled = [];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var t = 0; t + 1 < batch.Lengths[row]; t++)
            {
                var isLabel = rows[row].Labels[t + 1] != TrainingRow.Ignored;
                if (isLabel || wholeText)
                {
                    positions.Add(((long)row * batch.Length) + t);
                    targets.Add(rows[row].InputIds[t + 1]);
                    owners.Add(row);
                    labelled.Add(isLabel ? 1 : 0);
                }
            }
        }

        var used = hidden.reshape(-1, hidden.shape[2]).index_select(0, tensor(positions, device: device)); // (L, C)
        var logps = LinearLogProbabilities.Apply(used, model.Head, tensor(targets, device: device), model.BFloat16); // (L)
        var (owner, mask) = (tensor(owners, device: device), tensor(labelled, device: device)); // (L)
        Tensor PerRow(Tensor values) => zeros([rows.Count], values.dtype, device).index_add_(0, owner, values, 1); // (L) -> (B)
        var sums = PerRow(logps * mask);
        using var off = no_grad();
        var meanLogits = used.matmul(model.Head.mean([0])); // (L): the mean of a product is the product with the mean
        return new SequenceLogps(
            sums.MoveToOuterDisposeScope(),
            PerRow(mask).MoveToOuterDisposeScope(),
            wholeText ? TextSum() : null,
            PerRow(ones_like(mask)).MoveToOuterDisposeScope(),
            [.. PerRow(meanLogits * mask).cpu().data<float>()]);

        Tensor TextSum()
        {
            using var on = enable_grad(logps.requires_grad);
            return PerRow(logps).MoveToOuterDisposeScope();
        }
    }
}
