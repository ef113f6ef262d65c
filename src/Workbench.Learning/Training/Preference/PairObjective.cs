using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Objectives;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Workbench.Learning.Training.Preference;

/// <summary>DPO, CPO with SimPO, and ORPO: chosen and rejected answers go through the model in one batch, as in TRL.</summary>
internal sealed class PairObjective(
    RunConfig config, DecoderModel model, DatasetRows<PreferenceRow> rows, ReferenceLogps? reference) : IObjective
{
    private readonly bool _orpo = config.Method == "orpo";
    private readonly bool _means = config.Method == "orpo" || PairLosses.UsesMeans(config.EffectiveLossType);

    public int RowCount => rows.Train.Count;

    public int EvalRowCount => rows.Eval.Count;

    public IEnumerable<TrainingRow> EvalRows => rows.Eval.Select(pair => pair.Chosen);

    public string Fingerprint => rows.Fingerprint;

    public string ReferenceFingerprint => reference?.Fingerprint ?? "";

    public IReadOnlyList<string> Notices => rows.Notices;

    public double Weight(IReadOnlyList<int> rows, bool evaluation) => rows.Count;

    public BatchOutcome Compute(IReadOnlyList<int> indices, bool evaluation)
    {
        using var scope = NewDisposeScope();
        var pairs = indices.Select(index => (evaluation ? rows.Eval : rows.Train)[index]).ToList();
        List<TrainingRow> batch = [.. pairs.Select(pair => pair.Chosen), .. pairs.Select(pair => pair.Rejected)];
        var n = pairs.Count;
        var policy = SequenceLogps.Compute(model, batch, wholeText: _orpo);
        var scores = _means ? policy.Means : policy.Sums; // (2n)
        var (chosen, rejected) = (scores.narrow(0, 0, n), scores.narrow(0, n, n));
        var metrics = new List<MetricSum>();
        Tensor losses; // (n)
        var ratios = scores;
        if (config.Method == "dpo")
        {
            ratios = reference is null ? scores : scores - reference.Of(batch, _means, model.Device);
            losses = PairLosses.DirectPreference(
                config.EffectiveLossType, config.Beta, config.LabelSmoothing, ratios.narrow(0, 0, n), ratios.narrow(0, n, n));
        }
        else if (_orpo)
        {
            var odds = PairLosses.LogOdds(chosen, rejected);
            var nll = -policy.TextSums!.narrow(0, 0, n).sum() / policy.TextTokens.narrow(0, 0, n).sum();
            losses = nll - (logsigmoid(odds) * config.Beta);
            metrics.Add(new("nll_loss", nll.item<float>() * n, n));
            metrics.Add(Mean("log_odds_ratio", logsigmoid(odds)));
            metrics.Add(Mean("log_odds_chosen", odds));
        }
        else
        {
            losses = PairLosses.Contrastive(
                config.EffectiveLossType, config.Beta, config.LabelSmoothing, config.SimpoGamma, chosen, rejected);
            var nll = -policy.Sums.narrow(0, 0, n).sum() / policy.Labels.narrow(0, 0, n).sum();
            losses = config.CpoAlpha > 0 ? losses + (nll * config.CpoAlpha) : losses;
            metrics.Add(new("nll_loss", nll.item<float>() * n, n));
        }

        using (no_grad())
        {
            var rewards = ratios.detach() * config.Beta;
            var (better, worse) = (rewards.narrow(0, 0, n), rewards.narrow(0, n, n));
            metrics.Add(Mean("rewards/chosen", better));
            metrics.Add(Mean("rewards/rejected", worse));
            metrics.Add(Mean("rewards/accuracies", better.gt(worse).to_type(ScalarType.Float32)));
            metrics.Add(Mean("rewards/margins", better - worse));
            metrics.Add(Mean("logps/chosen", chosen));
            metrics.Add(Mean("logps/rejected", rejected));
            metrics.Add(new("logits/chosen", policy.LogitSums[..n].Sum(), pairs.Sum(pair => pair.Chosen.TrainedTokens)));
            metrics.Add(new("logits/rejected", policy.LogitSums[n..].Sum(), pairs.Sum(pair => pair.Rejected.TrainedTokens)));
        }

        return new BatchOutcome(losses.sum().MoveToOuterDisposeScope(), [.. batch.Select(row => row.InputIds.Length)], metrics);
    }

    private static MetricSum Mean(string name, Tensor values)
    {
        using var scope = NewDisposeScope();
        return new(name, values.detach().sum().item<float>(), values.numel());
    }

    public void Dispose() => reference?.Dispose();
}
