using System.Diagnostics;
using TorchSharp;
using Workbench.Learning.Training.Objectives;
using static TorchSharp.torch;

namespace Workbench.Learning.Evaluation;

/// <summary>Loss and metrics over the evaluation rows, under the names that transformers' and TRL's <c>evaluate</c> give them.</summary>
internal static class EvaluationLoss
{
    /// <summary>The metrics, or null where <paramref name="stop"/> came before the last row.</summary>
    public static Dictionary<string, double>? Compute(IObjective objective, int batchSize, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var off = no_grad();
        var (loss, weight, tokens, batches) = (0.0, 0.0, 0L, 0);
        var sums = new Dictionary<string, (double Sum, double Count)>(StringComparer.Ordinal);
        foreach (var rows in Enumerable.Range(0, objective.EvalRowCount).Chunk(batchSize))
        {
            if (stop.IsCancellationRequested)
            {
                return null;
            }

            using var scope = NewDisposeScope();
            var outcome = objective.Compute(rows, evaluation: true);
            loss += outcome.LossSum.item<float>();
            weight += objective.Weight(rows, evaluation: true);
            tokens += outcome.Tokens;
            batches++;
            foreach (var metric in outcome.Metrics)
            {
                var before = sums.GetValueOrDefault(metric.Name);
                sums[metric.Name] = (before.Sum + metric.Sum, before.Count + metric.Count);
            }
        }

        var seconds = Math.Max(clock.Elapsed.TotalSeconds, 1e-9);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["eval_loss"] = loss / weight };
        foreach (var (name, (sum, count)) in sums)
        {
            metrics["eval_" + name] = sum / count;
        }

        metrics["eval_num_tokens"] = tokens;
        metrics["eval_runtime"] = seconds;
        metrics["eval_samples_per_second"] = objective.EvalRowCount / seconds;
        metrics["eval_steps_per_second"] = batches / seconds;
        return metrics;
    }
}
