using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Preference;

/// <summary>
/// The log-probabilities that the reference gives the same answers: a frozen copy of the model, or the model itself with its adapter
/// off. Asked batch by batch, or once for every row before the first step (<c>precompute_ref_log_probs</c>), after which a copy is let go.
/// </summary>
internal sealed class ReferenceLogps : IDisposable
{
    private readonly bool _owned;
    private readonly Dictionary<TrainingRow, (float Sum, float Mean)> _known = new(ReferenceEqualityComparer.Instance);
    private DecoderModel? _model;

    private ReferenceLogps(DecoderModel model, bool owned, string fingerprint) => (_model, _owned, Fingerprint) = (model, owned, fingerprint);

    /// <summary>A model of its own, which the reference takes over.</summary>
    public static ReferenceLogps Of(DecoderModel model) => new(model, owned: true, TrainedModel.Hash(model));

    /// <summary>The policy without its adapter: no second copy in memory.</summary>
    public static ReferenceLogps WithoutAdapters(DecoderModel policy, string fingerprint) => new(policy, owned: false, fingerprint);

    /// <summary>SHA-256 of the weights: a run that goes on must be compared with the same reference.</summary>
    public string Fingerprint { get; }

    /// <summary>
    /// Scores all rows and lets the model go. The scores are kept in a file; where it holds those of the same rows by the same reference,
    /// they are taken from there.
    /// </summary>
    public void Precompute(IReadOnlyList<TrainingRow> rows, int batchSize, string file, CancellationToken stop)
    {
        var identity = ReferenceFile.Identity(rows, Fingerprint, _model!.BFloat16);
        if (ReferenceFile.Read(file, identity, rows.Count) is not { } scores)
        {
            scores = Score(rows, batchSize, stop);
            ReferenceFile.Write(file, identity, scores);
        }

        foreach (var (row, score) in rows.Zip(scores))
        {
            _known[row] = score;
        }

        Dispose();
    }

    private List<(float Sum, float Mean)> Score(IReadOnlyList<TrainingRow> rows, int batchSize, CancellationToken stop)
    {
        var scores = new List<(float Sum, float Mean)>();
        foreach (var chunk in rows.Chunk(batchSize))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var off = no_grad();
            using var bare = _model!.Adapters.Disable();
            var scored = SequenceLogps.Compute(_model, chunk);
            scores.AddRange(scored.Sums.cpu().data<float>().Zip(scored.Means.cpu().data<float>()));
        }

        return scores;
    }

    /// <summary>(B) sums, or means over the labels.</summary>
    public Tensor Of(IReadOnlyList<TrainingRow> rows, bool means, Device device)
    {
        using var off = no_grad();
        if (_model is null)
        {
            return tensor(rows.Select(row => means ? _known[row].Mean : _known[row].Sum).ToArray(), device: device);
        }

        using var scope = NewDisposeScope();
        using var bare = _model.Adapters.Disable();
        var scored = SequenceLogps.Compute(_model, rows);
        return (means ? scored.Means : scored.Sums).MoveToOuterDisposeScope();
    }

    /// <summary>Asks the reference anything, without gradient; the tensor lives in the caller's dispose scope.</summary>
    public Tensor Ask(Func<DecoderModel, Tensor> score)
    {
        using var off = no_grad();
        using var bare = _model!.Adapters.Disable();
        return score(_model);
    }

    public void Dispose()
    {
        if (_owned)
        {
            _model?.Dispose();
        }

        _model = null;
    }
}
