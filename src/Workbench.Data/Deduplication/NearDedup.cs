using System.Globalization;
using Workbench.Data.Filters;

namespace Workbench.Data.Deduplication;

/// <summary>
/// Keeps the first of rows that say almost the same: Jaccard similarity of their word n-grams, candidates by MinHash and LSH, each
/// checked exactly. So what is removed truly is that similar, and what is missed is missed by the bands alone (see <see cref="MinHash"/>).
/// </summary>
public sealed record NearDedup : IRowOperator
{
    private const int Batch = 1024;

    /// <summary>Similarity from which on a row is a duplicate; below 0.5 the bands would miss too many.</summary>
    public double Threshold { get; init; } = 0.8;

    /// <summary>Words in a shingle.</summary>
    public int Ngram { get; init; } = 3;

    public RowPart Part { get; init; } = RowPart.All;

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        if (Threshold is < 0.5 or > 1 || Ngram is < 1 or > 20)
        {
            throw new OperatorException("near_dedup: threshold must be 0.5 to 1, and ngram 1 to 20.");
        }

        return Judge(rows, cancellationToken);
    }

    private IEnumerable<Verdict> Judge(IEnumerable<RowItem> rows, CancellationToken cancellationToken)
    {
        using var store = new ShingleStore();
        var index = new BandIndex();
        var numbers = new List<int>();
        var candidates = new HashSet<int>();
        var signatures = new (uint[] Shingles, uint[] Bands)[Batch];
        foreach (var batch in rows.Chunk(Batch))
        {
            // The signatures are the work; looking up and adding keeps the order of the rows.
            Parallel.For(0, batch.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => signatures[i] = Signature(batch[i]));
            for (var i = 0; i < batch.Length; i++)
            {
                var (shingles, bands) = signatures[i];
                if (shingles.Length > 0 && Find(shingles, bands, index, store, candidates) is var (row, similarity) && row >= 0)
                {
                    yield return new Verdict(
                        batch[i], string.Create(CultureInfo.InvariantCulture, $"nearly the same as row {numbers[row]} (Jaccard {similarity:0.00})"));
                    continue;
                }

                if (shingles.Length > 0)
                {
                    index.Add(bands);
                    store.Add(shingles);
                    numbers.Add(batch[i].Number);
                }

                yield return new Verdict(batch[i]);
            }
        }
    }

    private (uint[] Shingles, uint[] Bands) Signature(RowItem item)
    {
        var shingles = Shingles.Of(RowTurn.Join(item.Row, Part), Ngram);
        var bands = new uint[MinHash.Bands];
        MinHash.Signature(shingles, bands);
        return (shingles, bands);
    }

    /// <summary>The most similar kept row at or above the threshold; -1 for none.</summary>
    private (int Row, double Similarity) Find(uint[] shingles, uint[] bands, BandIndex index, ShingleStore store, HashSet<int> candidates)
    {
        index.Candidates(bands, candidates);
        var best = (Row: -1, Similarity: 0.0);
        foreach (var candidate in candidates)
        {
            var similarity = Shingles.Jaccard(shingles, store[candidate]);
            if (similarity >= Threshold && (similarity > best.Similarity || (similarity == best.Similarity && candidate < best.Row)))
            {
                best = (candidate, similarity);
            }
        }

        return best;
    }
}
