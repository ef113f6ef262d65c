using Workbench.Learning.Training.Batching;

namespace Workbench.Learning.Training.Preference;

/// <summary>A better and a worse answer to the same prompt; each with the labels of its answer only.</summary>
internal sealed record PreferenceRow(TrainingRow Chosen, TrainingRow Rejected) : IEncodedRow<PreferenceRow>
{
    public IReadOnlyList<TrainingRow> Parts => [Chosen, Rejected];

    public PreferenceRow Map(Func<TrainingRow, TrainingRow> change) => new(change(Chosen), change(Rejected));
}

/// <summary>An answer that was found good, or bad (KTO).</summary>
internal sealed record JudgedRow(TrainingRow Answer, bool Desirable) : IEncodedRow<JudgedRow>
{
    public IReadOnlyList<TrainingRow> Parts => [Answer];

    public JudgedRow Map(Func<TrainingRow, TrainingRow> change) => this with { Answer = change(Answer) };
}
