using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Batching;
using static TorchSharp.torch;

namespace Workbench.Learning.Training.Preference;

/// <summary>
/// The log-probabilities that the reference gives the same answers: a frozen copy of the model, asked batch by batch, or asked once
/// for every row before the first step (<c>precompute_ref_log_probs</c>), after which the copy is let go.
/// </summary>
internal sealed class ReferenceLogps(DecoderModel model) : IDisposable
{
    /// <summary>SHA-256 of the weights: a run that goes on must be compared with the same reference.</summary>
    public string Fingerprint { get; } = Hash(model);

    private DecoderModel? _model = model;
    private readonly Dictionary<TrainingRow, (float Sum, float Mean)> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Scores all rows and lets the model go.</summary>
    public void Precompute(IReadOnlyList<TrainingRow> rows, int batchSize, CancellationToken stop)
    {
        foreach (var chunk in rows.Chunk(batchSize))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var scored = SequenceLogps.Compute(_model!, chunk);
            foreach (var (row, sum, mean) in chunk.Zip(scored.Sums.cpu().data<float>(), scored.Means.cpu().data<float>()))
            {
                _known[row] = (sum, mean);
            }
        }

        Dispose();
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
        var scored = SequenceLogps.Compute(_model, rows);
        return (means ? scored.Means : scored.Sums).MoveToOuterDisposeScope();
    }

    private static string Hash(DecoderModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, weight) in model.Weights)
        {
            using var scope = NewDisposeScope();
            hash.AppendData(MemoryMarshal.AsBytes(weight.detach().cpu().contiguous().data<float>().ToArray().AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        _model?.Dispose();
        _model = null;
    }
}
