using System.Globalization;
using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;

namespace Workbench.Data.Sampling;

/// <summary>
/// Mixes groups of rows by weight: as many rows as the weights allow without repeating any. Which rows of a group
/// stay depends on their content and the seed. The rows wait on the disk until the groups are counted.
/// </summary>
public sealed record Balance : IRowOperator
{
    /// <summary>The column whose value names the group, or <c>$language</c>.</summary>
    public required string By { get; init; }

    /// <summary>Weight of each group; empty for equal weights. A group without a weight is left out.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    public long Seed { get; init; } = 42;

    /// <inheritdoc/>
    public IEnumerable<Verdict> Apply(IEnumerable<RowItem> rows, CancellationToken cancellationToken = default)
    {
        if (Weights.Values.Any(weight => !(weight >= 0 && double.IsFinite(weight))))
        {
            throw new OperatorException("balance: weights must be numbers of at least 0.");
        }

        return Judge(rows, cancellationToken);
    }

    private IEnumerable<Verdict> Judge(IEnumerable<RowItem> rows, CancellationToken cancellationToken)
    {
        var seed = Seed.ToString(CultureInfo.InvariantCulture);
        var groups = new Dictionary<string, List<(ulong Order, int Number)>>(StringComparer.Ordinal);
        var groupOf = new List<string>();
        using var held = new RowSpool();
        foreach (var item in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            held.Add(item);
            var group = Group(item.Row);
            if (!groups.TryGetValue(group, out var list))
            {
                groups[group] = list = [];
            }

            groupOf.Add(group);
            list.Add((RowOrder.Of(item.Row, seed), item.Number));
        }

        var chosen = Chosen(groups);
        foreach (var (item, group) in held.Read().Zip(groupOf))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Verdict(item, chosen.Contains(item.Number) ? null : $"left out to balance {group}");
        }
    }

    private HashSet<int> Chosen(Dictionary<string, List<(ulong Order, int Number)>> groups)
    {
        double Weight(string group) => Weights.Count == 0 ? 1 : Weights.GetValueOrDefault(group);
        var weighted = groups.Where(group => Weight(group.Key) > 0).ToArray();
        var chosen = new HashSet<int>();
        if (weighted.Length > 0)
        {
            var perWeight = weighted.Min(group => group.Value.Count / Weight(group.Key));
            foreach (var (group, list) in weighted)
            {
                list.Sort();
                chosen.UnionWith(list.Take((int)Math.Round(perWeight * Weight(group))).Select(entry => entry.Number));
            }
        }

        return chosen;
    }

    private string Group(Row row) => By == "$language" ? LanguageIdentifier.Identify(RowTurn.Join(row, RowPart.All)).Code
        : !row.Json.TryGetProperty(By, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.GetRawText();
}
