namespace Workbench.Learning.Models.Decoder;

/// <summary>
/// Several sequences one behind another in a batch of one row: positions begin anew with each, and attention stays inside it, so
/// that every sequence has the hidden states that it has alone (Krell et al., "Efficient Sequence Packing without
/// Cross-contamination", 2021).
/// </summary>
/// <param name="Offsets">Where each sequence begins, from 0, and the end of the last: the row's length.</param>
public sealed record PackedSequences(long[] Offsets)
{
    /// <summary>Of sequences of these lengths, in their order.</summary>
    public static PackedSequences OfLengths(IEnumerable<int> lengths)
    {
        List<long> offsets = [0];
        foreach (var length in lengths)
        {
            offsets.Add(offsets[^1] + length);
        }

        return new([.. offsets]);
    }

    /// <summary>Tokens in all.</summary>
    public long Length => Offsets[^1];

    /// <summary>The longest sequence.</summary>
    public long Longest => Offsets.Zip(Offsets.Skip(1), (from, to) => to - from).DefaultIfEmpty(0).Max();

    /// <summary>For each token its place in its sequence, from 0.</summary>
    internal long[] Positions()
    {
        var positions = new long[Length];
        for (var sequence = 0; sequence + 1 < Offsets.Length; sequence++)
        {
            for (var at = Offsets[sequence]; at < Offsets[sequence + 1]; at++)
            {
                positions[at] = at - Offsets[sequence];
            }
        }

        return positions;
    }
}
