using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Grpo;

/// <summary>The log-probability of every token of the answers of a batch, one row behind another.</summary>
internal static class TokenLogps
{
    /// <returns>(L), for the labels of all rows in their order; carries the gradient.</returns>
    /// <param name="model">The policy or the reference.</param>
    /// <param name="rows">Prompts with answers; the answers are labelled.</param>
    /// <param name="temperature">Logits are divided by it, as they were for sampling.</param>
    public static Tensor Compute(DecoderModel model, IReadOnlyList<TrainingRow> rows, double temperature)
    {
        using var scope = NewDisposeScope();
        var (batch, device) = (TokenBatch.Concatenate(rows), model.Device);
        var hidden = model.Hidden(tensor(batch.InputIds, new long[] { batch.Rows, batch.Length }, device: device), packed: batch.Packed); // (1, T, C)
        var positions = batch.RealPositions().Where(position => batch.Targets[position] != TrainingRow.Ignored).ToArray();
        var targets = positions.Select(position => batch.Targets[position]).ToArray();
        var used = hidden.reshape(-1, hidden.shape[2]).index_select(0, tensor(positions, device: device)) / temperature; // (L, C)
        return LinearLogProbabilities.Apply(used, model.Head, tensor(targets, device: device), model.BFloat16).MoveToOuterDisposeScope();
    }
}
