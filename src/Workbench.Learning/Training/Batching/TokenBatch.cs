using Workbench.Learning.Models.Decoder;

namespace Workbench.Learning.Training.Batching;

/// <summary>
/// Rows as the model takes them: side by side, padded at the end to the longest, or one behind another without padding. What is
/// padding is known by length, never by id, because the padding token of many models is their end-of-turn token. With padding at
/// the end, causal attention needs no mask: no real token sees a later position, and padded positions have no label.
/// </summary>
public sealed class TokenBatch
{
    private TokenBatch(IReadOnlyList<TrainingRow> rows, int length, PackedSequences? packed)
    {
        Lengths = [.. rows.Select(row => row.InputIds.Length)];
        Rows = packed is null ? rows.Count : 1;
        Length = length;
        Packed = packed;
        InputIds = new long[Rows * length];
        Targets = new long[Rows * length];
        Weights = rows.Any(row => row.Weights is not null) ? new float[Rows * length] : null;
        Array.Fill(Targets, TrainingRow.Ignored);
        for (var i = 0; i < rows.Count; i++)
        {
            Write(rows[i], packed is null ? i * length : (int)packed.Offsets[i]);
        }
    }

    /// <summary>(Rows, Length), row-major; 0 where padded.</summary>
    public long[] InputIds { get; }

    /// <summary>(Rows, Length): what each position has to predict, i.e. labels shifted by one; -100 where nothing.</summary>
    public long[] Targets { get; }

    /// <summary>(Rows, Length), aligned with <see cref="Targets"/>: what each position's loss is multiplied by; null is 1 everywhere.</summary>
    public float[]? Weights { get; }

    /// <summary>Rows of the tensors: 1 where the sequences stand one behind another.</summary>
    public int Rows { get; }

    /// <summary>Length of the longest row.</summary>
    public int Length { get; }

    /// <summary>Where the sequences stand one behind another; null where they stand side by side.</summary>
    public PackedSequences? Packed { get; }

    /// <summary>Real tokens of each sequence.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Real tokens of all sequences.</summary>
    public int Tokens => Lengths.Sum();

    /// <summary>Side by side, padded to the longest.</summary>
    public static TokenBatch Pad(IReadOnlyList<TrainingRow> rows) => new(rows, rows.Max(row => row.InputIds.Length), null);

    /// <summary>One behind another, without padding; no sequence predicts the beginning of the next.</summary>
    public static TokenBatch Concatenate(IReadOnlyList<TrainingRow> rows)
    {
        var packed = PackedSequences.OfLengths(rows.Select(row => row.InputIds.Length));
        return new TokenBatch(rows, (int)packed.Length, packed);
    }

    /// <summary>Index into the flattened batch of every real position, in order.</summary>
    public long[] RealPositions()
    {
        var positions = new List<long>(Tokens);
        for (var i = 0; i < Lengths.Count; i++)
        {
            var first = Packed?.Offsets[i] ?? ((long)i * Length);
            for (var t = 0; t < Lengths[i]; t++)
            {
                positions.Add(first + t);
            }
        }

        return [.. positions];
    }

    private void Write(TrainingRow row, int first)
    {
        for (var t = 0; t < row.InputIds.Length; t++)
        {
            InputIds[first + t] = row.InputIds[t];
            if (t > 0)
            {
                Targets[first + t - 1] = row.Labels[t];
                Weights?[first + t - 1] = row.Weights?[t] ?? 1;
            }
        }
    }
}
