using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Workbench.Learning.Training.Preference;

/// <summary>
/// The losses over pairs: (B) log-probabilities of chosen and rejected answers, and the reference's for the same, to (B) losses.
/// Names and definitions are TRL's.
/// </summary>
internal static class PairLosses
{
    /// <summary>What <c>loss_type</c> may be where there is a reference (method dpo).</summary>
    public static IReadOnlyList<string> Dpo { get; } = ["sigmoid", "hinge", "ipo", "robust", "apo_zero", "sppo_hard"];

    /// <summary>What <c>loss_type</c> may be without a reference (method cpo).</summary>
    public static IReadOnlyList<string> Cpo { get; } = ["sigmoid", "hinge", "ipo", "simpo"];

    /// <summary>True where a sequence is scored by the mean log-probability of its tokens instead of the sum.</summary>
    public static bool UsesMeans(string lossType) => lossType is "ipo" or "simpo";

    /// <param name="lossType">One of <see cref="Dpo"/>.</param>
    /// <param name="beta">How strongly the policy is held to the reference.</param>
    /// <param name="smoothing">Share of pairs that are presumably labelled the wrong way round.</param>
    /// <param name="chosen">Policy's minus reference's log-probability of the chosen answers.</param>
    /// <param name="rejected">The same of the rejected answers.</param>
    public static Tensor DirectPreference(string lossType, double beta, double smoothing, Tensor chosen, Tensor rejected)
    {
        var h = chosen - rejected;
        return lossType switch
        {
            // Rafailov et al., 2023; with smoothing cDPO (Mitchell, 2023).
            "sigmoid" => Sigmoid(h * beta, smoothing),

            // Chowdhury et al., 2024: unbiased under flipped labels.
            "robust" => (logsigmoid(-(h * beta)) * smoothing - logsigmoid(h * beta) * (1 - smoothing)) / (1 - (2 * smoothing)),

            // Zhao et al., 2023 (SLiC-HF), on the normalised likelihood.
            "hinge" => relu(1 - (h * beta)),

            // Azar et al., 2023.
            "ipo" => (h - (1 / (2 * beta))).pow(2),

            // D'Oosterlinck et al., 2024: raises the chosen and lowers the rejected, each for itself.
            "apo_zero" => 1 - (chosen * beta).sigmoid() + (rejected * beta).sigmoid(),

            // Wu et al., 2024, with hard labels.
            "sppo_hard" => (chosen - (0.5 / beta)).pow(2) + (rejected + (0.5 / beta)).pow(2),
            _ => throw new ArgumentOutOfRangeException(nameof(lossType), lossType, null),
        };
    }

    /// <param name="lossType">One of <see cref="Cpo"/>.</param>
    /// <param name="beta">Scale of the difference.</param>
    /// <param name="smoothing">Share of pairs that are presumably labelled the wrong way round.</param>
    /// <param name="gamma">SimPO's target margin.</param>
    /// <param name="chosen">Log-probabilities of the chosen answers.</param>
    /// <param name="rejected">Of the rejected.</param>
    public static Tensor Contrastive(string lossType, double beta, double smoothing, double gamma, Tensor chosen, Tensor rejected)
    {
        var h = chosen - rejected;
        return lossType switch
        {
            "sigmoid" => Sigmoid(h * beta, smoothing), // Xu et al., 2024
            "simpo" => Sigmoid((h * beta) - gamma, smoothing), // Meng et al., 2024
            "hinge" => relu(1 - (h * beta)),
            "ipo" => (h - (1 / (2 * beta))).pow(2),
            _ => throw new ArgumentOutOfRangeException(nameof(lossType), lossType, null),
        };
    }

    /// <summary>The log of the ratio of the odds of both answers (ORPO; Hong et al., 2024).</summary>
    public static Tensor LogOdds(Tensor chosen, Tensor rejected) =>
        chosen - rejected - (LogOfComplement(chosen) - LogOfComplement(rejected));

    private static Tensor Sigmoid(Tensor h, double smoothing) => -(logsigmoid(h) * (1 - smoothing)) - (logsigmoid(-h) * smoothing);

    /// <summary>log(1 - e^x) for x below 0; an answer of probability 1 would have infinite odds, hence the bound.</summary>
    private static Tensor LogOfComplement(Tensor x) => (-x.clamp_max(-1e-6).exp()).log1p();
}
