using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Losses;

/// <summary>
/// Next-token cross entropy as a sum, so that the caller can divide by the labels of a whole accumulation window: dividing each
/// micro-batch by its own labels would weigh a token by the company it keeps (transformers issue 34191). The full logits never
/// exist (see <see cref="LinearCrossEntropy"/>).
/// </summary>
public static class CausalLanguageModelLoss
{
    /// <param name="LossSum">Scalar: the weighted sum of the losses of all labels; carries the gradient.</param>
    /// <param name="LabelCount">Labels in the sum.</param>
    /// <param name="CorrectCount">Labels that are the most probable token.</param>
    /// <param name="EntropySum">Sum over all real positions of the entropy of the next-token distribution, in nats.</param>
    /// <param name="TokenCount">Real positions.</param>
    public sealed record Result(Tensor LossSum, long LabelCount, long CorrectCount, double EntropySum, long TokenCount);

    /// <summary>Runs the model over a batch. The tensor of the result lives in the caller's dispose scope.</summary>
    public static Result Compute(DecoderModel model, TokenBatch batch, LossOptions? options = null)
    {
        options ??= LossOptions.Default;
        using var scope = NewDisposeScope();
        var device = model.Device;
        var ids = tensor(batch.InputIds, new long[] { batch.Rows, batch.Length }, device: device); // (B, T)
        var hidden = model.Hidden(ids, packed: batch.Packed, embeddingNoise: options.Noise is { } noise ? noise.Apply : null); // (B, T, C)
        var flat = hidden.reshape(-1, hidden.shape[2]); // (B T, C)

        // Padding goes before the largest product, that with the vocabulary.
        var real = batch.RealPositions();
        var labelled = real.Where(position => batch.Targets[position] != TrainingRow.Ignored).ToArray();
        var targets = tensor(labelled.Select(position => batch.Targets[position]).ToArray(), device: device); // (L)
        var weights = batch.Weights is { } all ? tensor(labelled.Select(position => all[position]).ToArray(), device: device) : null; // (L)
        var loss = LinearCrossEntropy.Apply(
            flat.index_select(0, tensor(labelled, device: device)), model.Head, targets,
            TrainingRow.Ignored, weights, options.LabelSmoothing, model.BFloat16);
        var statistics = loss.Statistics.data<double>();
        var entropy = statistics[2] + UnlabelledEntropy(model, flat, [.. real.Where(position => batch.Targets[position] == TrainingRow.Ignored)]);
        return new Result(
            loss.Loss.MoveToOuterDisposeScope(), labelled.Length, (long)statistics[1], entropy, real.Length);
    }

    /// <summary>TRL's entropy is over every real position, labelled or not; without labels there is nothing to differentiate.</summary>
    private static double UnlabelledEntropy(DecoderModel model, Tensor flat, long[] positions)
    {
        if (positions.Length == 0)
        {
            return 0;
        }

        using var off = no_grad();
        using var scope = NewDisposeScope();
        var hidden = flat.index_select(0, tensor(positions, device: flat.device)); // (U, C)
        var targets = zeros([positions.Length], ScalarType.Int64, flat.device);
        return LinearCrossEntropy.Apply(hidden, model.Head, targets, bfloat16: model.BFloat16).Statistics.data<double>()[2];
    }
}
