using Workbench.Data.Formats;
using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Training.Grpo;

/// <summary>A prompt to be answered, with the row whose columns tell the rewards what is right.</summary>
/// <param name="Prompt">Its tokens, up to where the answer begins; the labels mean nothing.</param>
/// <param name="Row">As the file has it.</param>
internal sealed record PromptRow(TrainingRow Prompt, Row Row) : IEncodedRow<PromptRow>
{
    public IReadOnlyList<TrainingRow> Parts => [Prompt];

    public PromptRow Map(Func<TrainingRow, TrainingRow> change) => this with { Prompt = change(Prompt) };
}
