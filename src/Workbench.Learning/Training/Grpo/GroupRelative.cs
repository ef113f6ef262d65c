using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Grpo;

/// <summary>
/// Group relative policy optimization (Shao et al., 2024, "DeepSeekMath", section 4) as TRL's GRPOTrainer computes it.
/// </summary>
internal static class GroupRelative
{
    /// <summary>How the losses of tokens become one: <c>dapo</c> and <c>bnpo</c> by token, <c>grpo</c> by answer, <c>dr_grpo</c> by the longest possible answer.</summary>
    public static IReadOnlyList<string> Losses { get; } = ["dapo", "grpo", "bnpo", "dr_grpo"];

    /// <summary>Added to the deviation of a group before dividing by it.</summary>
    private const double Epsilon = 1e-4;

    /// <summary>How much better each answer is than those to the same prompt.</summary>
    /// <param name="rewards">Of one group, at least 2.</param>
    /// <param name="scale">Divide by the group's deviation (<c>scale_rewards</c>); without it, hard and easy prompts weigh the same (Liu et al., 2025, "Dr. GRPO").</param>
    public static double[] Advantages(IReadOnlyList<double> rewards, bool scale)
    {
        var mean = rewards.Average();
        var divisor = scale ? Deviation(rewards) + Epsilon : 1;
        return [.. rewards.Select(reward => (reward - mean) / divisor)];
    }

    /// <summary>The sample's standard deviation.</summary>
    public static double Deviation(IReadOnlyList<double> rewards)
    {
        var mean = rewards.Average();
        return Math.Sqrt(rewards.Sum(reward => (reward - mean) * (reward - mean)) / (rewards.Count - 1));
    }

    /// <summary>The loss of each token, (L): the ratio of the policy to the one that sampled, clipped (Schulman et al., 2017, "PPO", equation 7), times the advantage.</summary>
    /// <param name="logps">(L), of the policy; carries the gradient.</param>
    /// <param name="old">(L), of the policy that sampled; in the first step of a sampling <paramref name="logps"/> without gradient.</param>
    /// <param name="advantages">(L), of the answer that the token belongs to.</param>
    /// <param name="low">Lowest ratio that counts, 1 - epsilon.</param>
    /// <param name="high">Highest, 1 + epsilon_high.</param>
    public static Tensor TokenLosses(Tensor logps, Tensor old, Tensor advantages, double low, double high)
    {
        using var scope = NewDisposeScope();
        var ratio = (logps - old).exp();
        return (-minimum(ratio * advantages, ratio.clamp(low, high) * advantages)).MoveToOuterDisposeScope();
    }

    /// <summary>How many tokens the clipping cuts off from learning: worse answers whose ratio is below the range already, better ones above it.</summary>
    /// <returns>Counts; the parameters are those of <see cref="TokenLosses"/>.</returns>
    public static (double Low, double High) Clipped(Tensor logps, Tensor old, Tensor advantages, double low, double high)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var ratios = (logps - old).exp().cpu().data<float>().ToArray();
        var values = advantages.cpu().data<float>().ToArray();
        return (ratios.Zip(values).Count(token => token.First < low && token.Second < 0), ratios.Zip(values).Count(token => token.First > high && token.Second > 0));
    }

    /// <summary>The estimate of the divergence from the reference at each token, (L), never below 0 (Schulman, 2020, "Approximating KL Divergence", k3).</summary>
    public static Tensor Divergence(Tensor logps, Tensor reference)
    {
        using var scope = NewDisposeScope();
        var ratio = reference - logps;
        return (ratio.exp() - ratio - 1).MoveToOuterDisposeScope();
    }
}
