using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Losses;

/// <summary>
/// Next-token cross entropy as a sum, so that the caller can divide by the labels of a whole accumulation window: dividing each
/// micro-batch by its own labels would weigh a token by the company it keeps (transformers issue 34191).
/// </summary>
public static class CausalLanguageModelLoss
{
    /// <param name="LossSum">Scalar: minus the sum of the log-probabilities of all labels; carries the gradient.</param>
    /// <param name="LabelCount">Labels in the sum.</param>
    /// <param name="CorrectCount">Labels that are the most probable token.</param>
    /// <param name="EntropySum">Sum over all real positions of the entropy of the next-token distribution, in nats.</param>
    /// <param name="TokenCount">Real positions.</param>
    public sealed record Result(Tensor LossSum, long LabelCount, long CorrectCount, double EntropySum, long TokenCount);

    /// <summary>Runs the model over a batch. The tensor of the result lives in the caller's dispose scope.</summary>
    public static Result Compute(DecoderModel model, PaddedBatch batch)
    {
        using var scope = NewDisposeScope();
        var device = model.Device;
        var ids = tensor(batch.InputIds, new long[] { batch.Rows, batch.Length }, device: device); // (B, T)
        var hidden = model.Hidden(ids); // (B, T, C)

        // Padding goes before the largest product, that with the vocabulary: N is the number of real positions.
        var real = RealPositions(batch);
        var logits = model.Logits(hidden.reshape(-1, hidden.shape[2]).index_select(0, tensor(real, device: device))); // (N, V)
        var logProbabilities = nn.functional.log_softmax(logits, -1);

        var targets = real.Select(position => batch.Targets[position]).ToArray();
        var labelled = Enumerable.Range(0, targets.Length).Where(n => targets[n] != TrainingRow.Ignored).Select(n => (long)n).ToArray();
        var labels = tensor(labelled.Select(n => targets[n]).ToArray(), device: device); // (L)
        var predicted = logProbabilities.index_select(0, tensor(labelled, device: device)); // (L, V)
        var lossSum = -predicted.gather(1, labels.unsqueeze(1)).sum();

        using (no_grad())
        {
            var correct = predicted.argmax(-1).eq(labels).sum();
            var entropy = -(logProbabilities.exp() * logProbabilities).sum();
            return new Result(
                lossSum.MoveToOuterDisposeScope(), labelled.Length, correct.item<long>(), entropy.item<float>(), real.Length);
        }
    }

    private static long[] RealPositions(PaddedBatch batch)
    {
        var positions = new List<long>(batch.Tokens);
        for (var row = 0; row < batch.Rows; row++)
        {
            for (var t = 0; t < batch.Lengths[row]; t++)
            {
                positions.Add(((long)row * batch.Length) + t);
            }
        }

        return [.. positions];
    }
}
