using System.Globalization;
using Workbench.Data.Filters;

namespace Workbench.Data.Sampling;

/// <summary>
/// Keeps a number of rows, chosen by content and seed; those kept stay in their order. Adding rows to the source replaces few of those
/// chosen before. The rows wait on the disk until the last is seen.
/// </summary>
public sealed record RandomSample : IRowOperator
{
    /// <summary>Rows to keep.</summary>
    public required int Count { get; init; }

    public long Seed { get; init; } = 42;

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        if (Count < 1)
        {
            throw new OperatorException("sample: count must be at least 1.");
        }

        return Judge(rows, cancellationToken);
    }

    private IEnumerable<Verdict> Judge(IEnumerable<RowItem> rows, CancellationToken cancellationToken)
    {
        var seed = Seed.ToString(CultureInfo.InvariantCulture);
        var highestFirst = Comparer<(ulong Order, int Number)>.Create((left, right) => right.CompareTo(left));
        var chosen = new PriorityQueue<int, (ulong Order, int Number)>(highestFirst);
        using var held = new RowSpool();
        foreach (var item in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            held.Add(item);
            chosen.Enqueue(item.Number, (RowOrder.Of(item.Row, seed), item.Number));
            if (chosen.Count > Count)
            {
                chosen.Dequeue();
            }
        }

        var numbers = chosen.UnorderedItems.Select(pair => pair.Element).ToHashSet();
        foreach (var item in held.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Verdict(item, numbers.Contains(item.Number) ? null : "not among those sampled");
        }
    }
}
