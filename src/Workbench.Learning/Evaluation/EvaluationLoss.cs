using System.Diagnostics;
using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Losses;
using static TorchSharp.torch;

namespace Workbench.Learning.Evaluation;

/// <summary>Loss and accuracy over a dataset, under the names that transformers' and TRL's <c>evaluate</c> give them.</summary>
internal static class EvaluationLoss
{
    /// <summary>The metrics, or null where <paramref name="stop"/> came before the last row.</summary>
    public static Dictionary<string, double>? Compute(DecoderModel model, IReadOnlyList<TrainingRow> rows, int batchSize, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var off = no_grad();
        var (loss, entropy) = (0.0, 0.0);
        var (labels, correct, tokens, batches) = (0L, 0L, 0L, 0);
        foreach (var chunk in rows.Chunk(batchSize))
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            using var scope = NewDisposeScope();
            var result = CausalLanguageModelLoss.Compute(model, PaddedBatch.Collate(chunk));
            loss += result.LossSum.item<float>();
            entropy += result.EntropySum;
            labels += result.LabelCount;
            correct += result.CorrectCount;
            tokens += result.TokenCount;
            batches++;
        }

        var seconds = Math.Max(clock.Elapsed.TotalSeconds, 1e-9);
        return new(StringComparer.Ordinal)
        {
            ["eval_loss"] = loss / labels,
            ["eval_entropy"] = entropy / tokens,
            ["eval_mean_token_accuracy"] = (double)correct / labels,
            ["eval_num_tokens"] = tokens,
            ["eval_runtime"] = seconds,
            ["eval_samples_per_second"] = rows.Count / seconds,
            ["eval_steps_per_second"] = batches / seconds,
        };
    }
}
