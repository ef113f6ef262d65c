namespace Workbench.Learning.Training.Planning;

/// <summary>How long the rows of a dataset are, from a sample of them.</summary>
/// <param name="Rows">Rows of the whole dataset that can be trained on.</param>
/// <param name="Lengths">Tokens of each sampled row, both sequences of a pair together, cut at <c>max_length</c>.</param>
/// <param name="Longest">Tokens of the longer sequence of each sampled row.</param>
/// <param name="Parts">Sequences in a row: 1, or 2 for pairs.</param>
public sealed record RowLengths(int Rows, IReadOnlyList<int> Lengths, IReadOnlyList<int> Longest, int Parts)
{
    /// <summary>Mean tokens of a row.</summary>
    public double Mean => Lengths.Average();

    /// <summary>Mean over the rows of the sum of the squares of a sequence's length: what attention pays for.</summary>
    public double MeanSquare => Lengths.Average(length => (double)length / Parts * length);

    /// <summary>
    /// Tokens of the longest of <paramref name="rows"/> random rows: what each of them is padded to. The expected maximum of so many
    /// draws from the sample.
    /// </summary>
    public double PaddedTo(int rows)
    {
        var sorted = Longest.Order().ToArray();
        double expected = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            // The i-th smallest is the maximum when all draws lie at or below it, and not all below.
            expected += sorted[i] * (Math.Pow((i + 1.0) / sorted.Length, rows) - Math.Pow((double)i / sorted.Length, rows));
        }

        return expected;
    }

    /// <summary>Of what was sampled.</summary>
    /// <param name="rows">Rows of the whole dataset.</param>
    /// <param name="sample">Sampled rows, those with a problem included.</param>
    /// <param name="config">Says where sequences are cut; with grpo each prompt counts with the longest answer that it may get.</param>
    /// <returns>Null where no sampled row can be trained on.</returns>
    public static RowLengths? Of(int rows, IReadOnlyList<ProbedRow> sample, RunConfig config)
    {
        var good = sample.Where(row => row.Sequences.Count > 0 && row.Sequences.All(sequence => sequence.Trained > 0)).ToList();
        int Cut(ProbedSequence sequence) => config.Method == "grpo" ? sequence.Tokens + config.MaxCompletionLength : Math.Min(sequence.Tokens, config.MaxLength);
        return good.Count == 0 ? null : new RowLengths(
            (int)Math.Max(1, Math.Round((double)rows * good.Count / sample.Count)),
            [.. good.Select(row => row.Sequences.Sum(Cut))],
            [.. good.Select(row => row.Sequences.Max(Cut))],
            good[0].Sequences.Count);
    }
}
