using System.Globalization;
using Workbench.Data.Sampling;

namespace Workbench.Data.Filters.Models;

/// <summary>
/// Keeps the rows that cover all others best, as the model sees them: by greedy k-center over the mean hidden states
/// (see <see cref="GreedyCenters"/>). The rows wait on the disk, their states in memory.
/// </summary>
public sealed record KCenter : IModelOperator
{
    private const long MaxStateBytes = 2L << 30;

    /// <inheritdoc/>
    public string Model { get; init; } = "";

    /// <inheritdoc/>
    public string? Fingerprint { get; init; }

    /// <summary>How many rows stay.</summary>
    public required int Count { get; init; }

    /// <summary>Tokens of a row that are read.</summary>
    public int MaxLength { get; init; } = 512;

    /// <inheritdoc/>
    public IModelOperator Bound(string fingerprint) => this with { Fingerprint = fingerprint };

    /// <inheritdoc/>
    public IEnumerable<Verdict> Judge(IEnumerable<RowItem> rows, IRowModel model, CancellationToken cancellationToken = default)
    {
        IModelOperator.Check(this, MaxLength);
        return Count >= 1 ? Chosen(rows, model, cancellationToken) : throw new OperatorException("k_center: count must be at least 1.");
    }

    private IEnumerable<Verdict> Chosen(IEnumerable<RowItem> rows, IRowModel model, CancellationToken cancellationToken)
    {
        using var held = new RowSpool();
        var (places, numbers, said) = (new List<float[]>(), new List<int>(), new List<string?>());
        foreach (var (item, place) in IModelOperator.Ask(rows, batch => model.Places(batch, MaxLength, cancellationToken), cancellationToken))
        {
            held.Add(item);
            said.Add(place.Problem);
            if (place.Problem is null)
            {
                places.Add(place.Vector);
                numbers.Add(item.Number);
                if ((long)places.Count * place.Vector.Length * sizeof(float) > MaxStateBytes)
                {
                    throw new OperatorException(
                        $"k_center: the hidden states of {places.Count:N0} rows take more than {MaxStateBytes >> 30} GiB of memory. Put a sample of fewer rows before it.");
                }
            }
        }

        var centers = GreedyCenters.Choose(places, Count, cancellationToken);
        var at = 0;
        foreach (var (item, problem) in held.Read().Zip(said))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Verdict(item, problem is not null ? $"has no place among the others: {problem}" : Reason(at++));
        }

        string? Reason(int point)
        {
            if (centers.Centers.Contains(point))
            {
                return null;
            }

            var (center, distance) = centers.NearestOf(point);
            return string.Create(CultureInfo.InvariantCulture, $"row {numbers[center]} stands for it, at a distance of {distance:0.000}");
        }
    }
}
