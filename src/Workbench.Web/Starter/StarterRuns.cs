using Workbench.Language.Chat.Presets;
using Workbench.Learning.Training;

namespace Workbench.Web.Starter;

/// <summary>The two trainings that make the starter chat, and then change who it says it is: seconds to a minute each on two cores.</summary>
internal static class StarterRuns
{
    private const int Seed = 42;

    /// <summary>What the starter is asked and trained through; the base model has never seen it.</summary>
    public static string Template => ChatPresets.Find("plain")!.Template;

    /// <summary>Fine-tuning of the base model on the world's conversations.</summary>
    public static RunConfig Sft(string model, string rows, string output) => new()
    {
        Method = "sft",
        ModelNameOrPath = model,
        Dataset = rows,
        OutputDir = output,
        ChatTemplate = Template,
        AssistantOnlyLoss = true,
        NumTrainEpochs = 4,
        PerDeviceTrainBatchSize = 16,
        MaxLength = 256,
        LearningRate = 1e-3,
        LrSchedulerType = "cosine",
        WarmupRatio = 0.05,
        LoggingSteps = 5,
        SaveStrategy = "no",
        Seed = Seed,
    };

    /// <summary>Direct preference optimization of the fine-tuned model: one name rather than the other.</summary>
    public static RunConfig Dpo(string model, string pairs, string output) => new()
    {
        Method = "dpo",
        ModelNameOrPath = model,
        Dataset = pairs,
        OutputDir = output,
        ChatTemplate = Template,
        NumTrainEpochs = 2,
        PerDeviceTrainBatchSize = 8,
        MaxLength = 128,
        LearningRate = 1e-4,
        WarmupRatio = 0.1,
        LoggingSteps = 1,
        SaveStrategy = "no",
        Seed = Seed,
    };
}
