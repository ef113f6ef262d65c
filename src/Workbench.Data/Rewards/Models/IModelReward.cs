namespace Workbench.Data.Rewards.Models;

/// <summary>A reward that asks a model.</summary>
public interface IModelReward : IReward
{
    /// <summary>Checks the parameters without asking anybody.</summary>
    /// <exception cref="RewardException">A parameter is wrong.</exception>
    void Check();

    /// <inheritdoc cref="IReward.Prepare"/>
    /// <param name="models">Loads the model.</param>
    Func<RewardInput, RewardScore> Prepare(IRewardModels models);

    /// <summary>Parameters are checked; whoever judges by it needs <see cref="Prepare(IRewardModels)"/>.</summary>
    Func<RewardInput, RewardScore> IReward.Prepare()
    {
        Check();
        return _ => throw new RewardException("There is nobody here who asks the model that judges.");
    }
}

/// <summary>The models that rewards ask. What they give may be called from several threads.</summary>
public interface IRewardModels
{
    /// <summary>A model that answers a question, greedily.</summary>
    /// <param name="judge">Which one.</param>
    /// <exception cref="RewardException">It cannot be asked.</exception>
    Func<string, string> Judge(JudgeModel judge);

    /// <summary>A reward model: what it says of an answer to a row's prompt, a logit.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="RewardException">It cannot be loaded.</exception>
    Func<RewardInput, double> Scorer(string folder);
}

/// <summary>Who judges.</summary>
/// <param name="Model">A model of the workbench or a folder; with an endpoint, the model's name there.</param>
/// <param name="Endpoint">An OpenAI-compatible endpoint up to its version; null for a model here.</param>
/// <param name="MaxTokens">Most tokens of a reply.</param>
public sealed record JudgeModel(string Model, Uri? Endpoint, int MaxTokens);
