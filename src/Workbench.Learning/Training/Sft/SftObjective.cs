using System.Globalization;
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

    /// <summary>The rows that each row of the run is packed of; null where each is its own.</summary>
    private readonly IReadOnlyList<IReadOnlyList<int>>? _packs = config.Packing
        ? BestFitDecreasing.Pack([.. rows.Train.Select(row => row.InputIds.Length)], Math.Min(config.MaxLength, model.Config.MaxPositionEmbeddings))
        : null;

    public int RowCount => _packs?.Count ?? rows.Train.Count;

    public int EvalRowCount => rows.Eval.Count;

    public IEnumerable<TrainingRow> EvalRows => rows.Eval;

    public string Fingerprint => rows.Fingerprint;

    public string ReferenceFingerprint => "";

    public IReadOnlyList<string> Notices => _packs is null ? rows.Notices : [.. rows.Notices, PackingNotice(_packs.Count)];

    public double Weight(IReadOnlyList<int> rows, bool evaluation) => Rows(rows, evaluation).Sum(row => row.TrainedWeight);

    public BatchOutcome Compute(IReadOnlyList<int> rows, bool evaluation)
    {
        TrainingRow[] taken = [.. Rows(rows, evaluation)];
        var batch = config.Packing || config.PaddingFree ? TokenBatch.Concatenate(taken) : TokenBatch.Pad(taken);
        var result = CausalLanguageModelLoss.Compute(model, batch, evaluation ? _options : _options with { Noise = _noise });
        return new BatchOutcome(result.LossSum, batch.Lengths,
        [
            new("entropy", result.EntropySum, result.TokenCount),
            new("mean_token_accuracy", result.CorrectCount, result.LabelCount),
        ]);
    }

    private IEnumerable<TrainingRow> Rows(IReadOnlyList<int> indices, bool evaluation) =>
        evaluation ? indices.Select(index => rows.Eval[index])
        : _packs is null ? indices.Select(index => rows.Train[index])
        : indices.SelectMany(index => _packs[index]).Select(index => rows.Train[index]);

    private string PackingNotice(int packs)
    {
        var share = rows.Train.Sum(row => (double)row.InputIds.Length) / ((double)packs * Math.Min(config.MaxLength, model.Config.MaxPositionEmbeddings));
        return string.Create(CultureInfo.InvariantCulture, $"packing: {rows.Train.Count} rows became {packs}, {share:P0} full.");
    }

    public void Dispose()
    {
        // Rows are all it has.
    }
}
