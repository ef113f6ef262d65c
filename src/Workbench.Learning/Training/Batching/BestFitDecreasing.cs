namespace Workbench.Learning.Training.Batching;

/// <summary>
/// Packs sequences into as few rows of a fixed length as best-fit decreasing finds: the longest first, each into the fullest row
/// that still has room (Ding et al., "Fewer Truncations Improve Language Modeling", 2024; TRL's packing strategy "bfd").
/// </summary>
public static class BestFitDecreasing
{
    /// <summary>The indices of the sequences in each row, in the order in which the rows were begun.</summary>
    /// <param name="lengths">Tokens of each sequence, none above <paramref name="capacity"/>.</param>
    /// <param name="capacity">Tokens of a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sequence is longer than a row.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Pack(IReadOnlyList<int> lengths, int capacity)
    {
        var rows = new List<List<int>>();
        var free = new SortedSet<(int Room, int Row)>(); // the row that was begun first comes first among equals
        foreach (var index in Enumerable.Range(0, lengths.Count).OrderByDescending(index => lengths[index]))
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(lengths[index], capacity, nameof(lengths));
            var fitting = free.GetViewBetween((lengths[index], 0), (capacity, int.MaxValue));
            var (room, row) = (capacity, rows.Count);
            if (fitting.Count > 0)
            {
                (room, row) = fitting.Min;
                free.Remove((room, row));
            }
            else
            {
                rows.Add([]);
            }

            rows[row].Add(index);
            free.Add((room - lengths[index], row));
        }

        return rows;
    }
}
