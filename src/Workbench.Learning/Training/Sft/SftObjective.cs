using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Losses;
using Workbench.Learning.Training.Objectives;

namespace Workbench.Learning.Training.Sft;

/// <summary>Supervised fine-tuning and continued pretraining: next-token cross entropy over the labels.</summary>
internal sealed class SftObjective(
    RunConfig config, DecoderModel model, DatasetRows<TrainingRow> rows, torch.Generator random) : IObjective
{
    private readonly LossOptions _options = new() { LabelSmoothing = config.LabelSmoothingFactor };
    private readonly NeftuneNoise? _noise = config.NeftuneNoiseAlpha is > 0 and { } alpha ? new NeftuneNoise(alpha, random) : null;

    public int RowCount => rows.Train.Count;

    public int EvalRowCount => rows.Eval.Count;

    public string Fingerprint => rows.Fingerprint;

    public string ReferenceFingerprint => "";

    public IReadOnlyList<string> Notices => rows.Notices;

    public double Weight(IReadOnlyList<int> rows, bool evaluation) => Rows(rows, evaluation).Sum(row => row.TrainedWeight);

    public BatchOutcome Compute(IReadOnlyList<int> rows, bool evaluation)
    {
        var batch = PaddedBatch.Collate([.. Rows(rows, evaluation)]);
        var result = CausalLanguageModelLoss.Compute(model, batch, evaluation ? _options : _options with { Noise = _noise });
        return new BatchOutcome(result.LossSum, batch.Lengths,
        [
            new("entropy", result.EntropySum, result.TokenCount),
            new("mean_token_accuracy", result.CorrectCount, result.LabelCount),
        ]);
    }

    private IEnumerable<TrainingRow> Rows(IReadOnlyList<int> indices, bool evaluation) =>
        indices.Select(index => (evaluation ? rows.Eval : rows.Train)[index]);

    public void Dispose()
    {
        // Rows are all it has.
    }
}
