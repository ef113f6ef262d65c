using System.Globalization;

namespace Workbench.Data.Rewards.Models;

/// <summary>A reward model's word: a sequence classifier with one output, as TRL's RewardTrainer makes it and its GRPOTrainer takes it for a reward.</summary>
public sealed record RewardModelReward : IModelReward
{
    public double Weight { get; init; } = 1;

    /// <summary>The model's folder, in Hugging Face's layout.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The logit through a sigmoid, 0 to 1 as other rewards are; otherwise the logit itself, as TRL has it.</summary>
    public bool Sigmoid { get; init; } = true;

    /// <inheritdoc/>
    public void Check()
    {
        if (string.IsNullOrWhiteSpace(Folder))
        {
            throw new RewardException("reward_model: name the folder of the reward model.");
        }
    }

    /// <inheritdoc/>
    public Func<RewardInput, RewardScore> Prepare(IRewardModels models)
    {
        Check();
        var score = models.Scorer(Folder);
        return input =>
        {
            var logit = score(input);
            return double.IsFinite(logit)
                ? new RewardScore(Sigmoid ? 1 / (1 + Math.Exp(-logit)) : logit, string.Create(CultureInfo.InvariantCulture, $"logit {logit:0.###}"))
                : throw new RewardException("reward_model: the model gives no number for this answer; are its weights damaged?");
        };
    }
}
