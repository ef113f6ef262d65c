using Workbench.Data.Rewards;
using Workbench.Data.Rewards.Models;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models;
using Workbench.Learning.Training;

namespace Workbench.Learning.Evaluation;

/// <summary>Reward models by their folders, each loaded once. Judges are asked by nobody here.</summary>
/// <param name="device">auto, cpu, cuda or cuda:N.</param>
public sealed class FolderRewardModels(string device = "auto") : IRewardModels, IDisposable
{
    private readonly Dictionary<string, LoadedRewardModel> loaded = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Func<string, string> Judge(JudgeModel judge) => throw new RewardException(
        "judge: a model that grades answers one by one would hold up every step of a training. Use it to make a dataset, or train with a reward model.");

    /// <inheritdoc/>
    public Func<RewardInput, double> Scorer(string folder)
    {
        if (!loaded.TryGetValue(folder, out var model))
        {
            try
            {
                loaded[folder] = model = LoadedRewardModel.Load(folder, device);
            }
            catch (Exception exception) when (exception is ModelException or TrainingException or TokenizerException or TemplateException)
            {
                throw new RewardException($"reward_model: {exception.Message}", exception);
            }
        }

        return model.Score;
    }

    /// <summary>Frees their weights.</summary>
    public void Dispose()
    {
        foreach (var model in loaded.Values)
        {
            model.Dispose();
        }

        loaded.Clear();
    }
}
