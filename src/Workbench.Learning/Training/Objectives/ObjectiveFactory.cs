using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Sft;

namespace Workbench.Learning.Training.Objectives;

/// <summary>The methods by TRL's names (<c>method</c>).</summary>
internal static class ObjectiveFactory
{
    public static IReadOnlyList<string> Methods { get; } = ["sft"];

    /// <summary>Reads and encodes the data of the run.</summary>
    /// <exception cref="TrainingException">The data cannot be trained on.</exception>
    public static IObjective Create(RunConfig config, DecoderModel model, SftLanguage language, CancellationToken stop) =>
        new SftObjective(config, model, SftRows.Load(config, model.Config, language, stop));
}
