namespace Workbench.Learning.Training.Batching;

/// <summary>
/// Rows side by side, padded at the end to the longest. What is padding is known by length, never by id, because the padding
/// token of many models is their end-of-turn token. With padding at the end, causal attention needs no mask: no real token
/// sees a later position, and padded positions have no label.
/// </summary>
public sealed class PaddedBatch
{
    private PaddedBatch(long[] inputIds, long[] targets, float[]? weights, int rows, int length, int[] lengths)
    {
        InputIds = inputIds;
        Targets = targets;
        Weights = weights;
        Rows = rows;
        Length = length;
        Lengths = lengths;
    }

    /// <summary>(Rows, Length), row-major; 0 where padded.</summary>
    public long[] InputIds { get; }

    /// <summary>(Rows, Length): what each position has to predict, i.e. labels shifted by one; -100 where nothing.</summary>
    public long[] Targets { get; }

    /// <summary>(Rows, Length), aligned with <see cref="Targets"/>: what each position's loss is multiplied by; null is 1 everywhere.</summary>
    public float[]? Weights { get; }

    public int Rows { get; }

    /// <summary>Length of the longest row.</summary>
    public int Length { get; }

    /// <summary>Real tokens of each row.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Real tokens of all rows.</summary>
    public int Tokens => Lengths.Sum();

    /// <summary>Index into the flattened batch of every real position, in order.</summary>
    public long[] RealPositions()
    {
        var positions = new List<long>(Tokens);
        for (var row = 0; row < Rows; row++)
        {
            for (var t = 0; t < Lengths[row]; t++)
            {
                positions.Add(((long)row * Length) + t);
            }
        }

        return [.. positions];
    }

    public static PaddedBatch Collate(IReadOnlyList<TrainingRow> rows)
    {
        var length = rows.Max(row => row.InputIds.Length);
        var inputIds = new long[rows.Count * length];
        var targets = new long[rows.Count * length];
        var weights = rows.Any(row => row.Weights is not null) ? new float[rows.Count * length] : null;
        Array.Fill(targets, TrainingRow.Ignored);
        for (var i = 0; i < rows.Count; i++)
        {
            var (ids, labels) = (rows[i].InputIds, rows[i].Labels);
            for (var t = 0; t < ids.Length; t++)
            {
                inputIds[(i * length) + t] = ids[t];
                if (t > 0)
                {
                    targets[(i * length) + t - 1] = labels[t];
                    weights?[(i * length) + t - 1] = rows[i].Weights?[t] ?? 1;
                }
            }
        }

        return new PaddedBatch(inputIds, targets, weights, rows.Count, length, [.. rows.Select(row => row.InputIds.Length)]);
    }
}
