using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Objectives;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Preference;

/// <summary>
/// KTO (Ethayarajh et al., 2024): single answers, each found good or bad, against a reference point: how far the policy has moved
/// from the reference on answers that belong to other prompts (the KL term, estimated within the micro-batch, without gradient).
/// </summary>
internal sealed class KtoObjective(
    RunConfig config, DecoderModel model, DatasetRows<JudgedRow> rows, ReferenceLogps reference) : IObjective
{
    public int RowCount => rows.Train.Count;

    public int EvalRowCount => rows.Eval.Count;

    public IEnumerable<TrainingRow> EvalRows => rows.Eval.Select(row => row.Answer);

    public string Fingerprint => rows.Fingerprint;

    public string ReferenceFingerprint => reference.Fingerprint;

    public IReadOnlyList<string> Notices => rows.Notices;

    public double Weight(IReadOnlyList<int> rows, bool evaluation) => rows.Count;

    public BatchOutcome Compute(IReadOnlyList<int> indices, bool evaluation)
    {
        using var scope = NewDisposeScope();
        var judged = indices.Select(index => (evaluation ? rows.Eval : rows.Train)[index]).ToList();
        List<TrainingRow> batch = [.. judged.Select(row => row.Answer)];
        var policy = SequenceLogps.Compute(model, batch);
        var ratios = policy.Sums - reference.Of(batch, means: false, model.Device); // (B)
        var kl = Divergence(batch);
        var signs = tensor(judged.Select(row => row.Desirable ? 1f : -1f).ToArray(), device: model.Device);
        var weights = tensor(
            judged.Select(row => (float)(row.Desirable ? config.DesirableWeight : config.UndesirableWeight)).ToArray(), device: model.Device);
        var losses = weights * (1 - ((ratios - kl) * signs * config.Beta).sigmoid());

        var metrics = new List<MetricSum> { new("kl", kl, 1) };
        var (rewards, logps) = ((ratios.detach() * config.Beta).cpu().data<float>(), policy.Sums.detach().cpu().data<float>());
        foreach (var (name, wanted) in new[] { ("chosen", true), ("rejected", false) })
        {
            var mine = Enumerable.Range(0, judged.Count).Where(i => judged[i].Desirable == wanted).ToList();
            metrics.Add(new("rewards/" + name, mine.Sum(i => (double)rewards[i]), mine.Count));
            metrics.Add(new("logps/" + name, mine.Sum(i => (double)logps[i]), mine.Count));
            metrics.Add(new("logits/" + name, mine.Sum(i => policy.LogitSums[i]), mine.Sum(i => judged[i].Answer.TrainedTokens)));
        }

        if (metrics.Where(metric => metric.Name.StartsWith("rewards/", StringComparison.Ordinal)).All(metric => metric.Count > 0))
        {
            var (good, bad) = (metrics[1], metrics[4]);
            metrics.Add(new("rewards/margins", (good.Sum / good.Count) - (bad.Sum / bad.Count), 1));
        }

        return new BatchOutcome(losses.sum().MoveToOuterDisposeScope(), [.. batch.Select(row => row.InputIds.Length)], metrics);
    }

    /// <summary>Mean log-ratio of answers to the prompts of their neighbours, not below 0.</summary>
    private double Divergence(List<TrainingRow> batch)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var mismatched = batch.Select((row, i) => Mismatch(row, batch[(i + batch.Count - 1) % batch.Count])).ToList();
        var policy = SequenceLogps.Compute(model, mismatched).Sums;
        return Math.Max(0, (policy - reference.Of(mismatched, means: false, model.Device)).mean().item<float>());
    }

    /// <summary>The prompt of one row with the answer of another, no longer than the model's context.</summary>
    private TrainingRow Mismatch(TrainingRow prompt, TrainingRow answer)
    {
        static int Start(TrainingRow row) => Array.FindIndex(row.Labels, label => label != TrainingRow.Ignored);
        var (head, tail) = (prompt.InputIds[..Start(prompt)], answer.InputIds[Start(answer)..]);
        int[] labels = [.. head.Select(_ => TrainingRow.Ignored), .. answer.Labels[Start(answer)..]];
        return new TrainingRow([.. head, .. tail], labels, prompt.Line).Cut(Math.Min(head.Length + tail.Length, model.Config.MaxPositionEmbeddings));
    }

    public void Dispose() => reference.Dispose();
}
