using Workbench.Learning.Training.Grpo;

namespace Workbench.Learning.Training.Preference;

/// <summary>What the options of preference training must satisfy.</summary>
internal static class PreferenceRules
{
    public static IEnumerable<RunConfigProblem> Check(RunConfig c)
    {
        var losses = c.Method switch
        {
            "dpo" => PairLosses.Dpo,
            "cpo" => PairLosses.Cpo,
            "kto" => ["kto"],
            "orpo" => ["orpo"],
            "grpo" => GroupRelative.Losses,
            _ => [],
        };
        if (c.LossType is { } type && !losses.Contains(type))
        {
            yield return new("loss_type", losses.Count == 0
                ? $"loss_type belongs to preference training: leave it out with method {c.Method}."
                : $"loss_type must be one of {string.Join(", ", losses)} with method {c.Method}, not \"{type}\".");
        }

        if (!(c.Method == "grpo" && c.Beta == 0) && c.Beta is not (> 0 and <= 1000))
        {
            yield return new("beta", $"beta must be above 0 and at most 1000 (0.1 is usual), not {c.Beta}.");
        }

        if (c.LabelSmoothing is not (>= 0 and < 0.5))
        {
            yield return new("label_smoothing", $"label_smoothing must be at least 0 and below 0.5, not {c.LabelSmoothing}.");
        }
        else if (c.LabelSmoothing > 0 && (c.Method is not ("dpo" or "cpo") || c.EffectiveLossType is not ("sigmoid" or "robust" or "simpo")))
        {
            yield return new("label_smoothing", c.PredictsNextToken
                ? "label_smoothing belongs to preference training; label_smoothing_factor smooths the labels of sft."
                : "label_smoothing changes only the losses sigmoid, robust and simpo: leave it at 0.");
        }

        foreach (var (key, value) in new[]
        {
            ("simpo_gamma", c.SimpoGamma), ("cpo_alpha", c.CpoAlpha),
            ("desirable_weight", c.DesirableWeight), ("undesirable_weight", c.UndesirableWeight),
        })
        {
            if (value < 0)
            {
                yield return new(key, $"{key} must be at least 0, not {value}.");
            }
        }

        if (c.Method == "kto" && c.PerDeviceTrainBatchSize < 2)
        {
            yield return new("per_device_train_batch_size",
                "per_device_train_batch_size must be at least 2 with method kto, which compares the answers of a batch.");
        }

        foreach (var (key, used, methods) in new (string, bool, string[])[]
        {
            ("ref_model", c.RefModel is not null, ["dpo", "kto", "grpo"]),
            ("reference_free", c.ReferenceFree, ["dpo"]),
            ("precompute_ref_log_probs", c.PrecomputeRefLogProbs, ["dpo"]),
        })
        {
            if (used && !methods.Contains(c.Method))
            {
                yield return new(key, $"{key} has a meaning only with method {string.Join(" or ", methods)}: leave it out.");
            }
        }

        if (c.ReferenceFree && (c.RefModel is not null || c.PrecomputeRefLogProbs))
        {
            yield return new("reference_free", "reference_free needs no reference: leave out ref_model and precompute_ref_log_probs.");
        }
    }
}
