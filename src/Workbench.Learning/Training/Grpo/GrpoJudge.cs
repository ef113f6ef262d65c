using Workbench.Data.Rewards;
using Workbench.Learning.Evaluation;

namespace Workbench.Learning.Training.Grpo;

/// <summary>The rewards of a run with the reward models that they ask.</summary>
internal sealed class GrpoJudge : IDisposable
{
    private readonly FolderRewardModels models;
    private readonly Func<RewardInput, CombinedScore> judge;

    /// <exception cref="TrainingException">A reward is wrong, or its model cannot be loaded.</exception>
    public GrpoJudge(RunConfig config)
    {
        models = new FolderRewardModels(config.Device);
        try
        {
            judge = GrpoRules.Rewards(config).Prepare(models);
        }
        catch (RewardException error)
        {
            models.Dispose();
            throw new TrainingException(error.Message, error);
        }
    }

    /// <exception cref="TrainingException">The row has not what a reward needs, or a model cannot read it.</exception>
    public CombinedScore Score(PromptRow row, string answer, string dataset)
    {
        try
        {
            return judge(new RewardInput(row.Row, answer));
        }
        catch (RewardException error)
        {
            throw new TrainingException($"{dataset}, line {row.Prompt.Line}: {error.Message}", error);
        }
    }

    public void Dispose() => models.Dispose();
}
