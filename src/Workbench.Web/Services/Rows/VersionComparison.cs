using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Rows;

/// <summary>A row that two versions do not share.</summary>
/// <param name="Number">Its number in the version that has it, from 1; of a changed row in the later one.</param>
/// <param name="Before">As the earlier version has it; null where it was added.</param>
/// <param name="After">As the later version has it; null where it was removed.</param>
public sealed record RowDifference(int Number, JsonElement? Before, JsonElement? After);

/// <summary>What two versions differ in.</summary>
/// <param name="Same">Rows that both have.</param>
/// <param name="Added">Rows of the later version whose prompt the earlier one does not have.</param>
/// <param name="Removed">Rows of the earlier version whose prompt the later one does not have.</param>
/// <param name="Changed">Rows of one prompt that say something else.</param>
/// <param name="Examples">The first of all kinds.</param>
public sealed record VersionDifference(int Same, int Added, int Removed, int Changed, IReadOnlyList<RowDifference> Examples);

/// <summary>Compares two versions row by row, whatever their order; keeps 32 bytes a row.</summary>
public sealed class VersionComparison(DatasetStore store)
{
    /// <summary>Rows that are shown of each kind.</summary>
    public const int Shown = 50;

    /// <summary>What the later version has otherwise than the earlier one.</summary>
    /// <param name="before">The earlier.</param>
    /// <param name="after">The later.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    public VersionDifference Compare(DatasetVersion before, DatasetVersion after, CancellationToken cancellationToken = default)
    {
        var (earlier, later) = (store.Open(before).RowsPath, store.Open(after).RowsPath);
        var had = Keys(earlier, cancellationToken);
        var has = Keys(later, cancellationToken);
        var same = 0;
        var fresh = new Dictionary<UInt128, Queue<int>>(); // by prompt: rows of the later version that the earlier lacks
        foreach (var (row, prompt, index) in has.Select((key, index) => (key.Row, key.Prompt, index)))
        {
            if (had.Counts.TryGetValue(row, out var left) && left > 0)
            {
                had.Counts[row] = left - 1;
                same++;
            }
            else
            {
                (fresh.TryGetValue(prompt, out var queue) ? queue : fresh[prompt] = []).Enqueue(index);
            }
        }

        var changed = new Dictionary<int, int>(); // from the row of the later version to that of the earlier
        var removed = new List<int>();
        foreach (var (key, index) in had.Select((key, index) => (key, index)).Where(pair => had.Counts[pair.key.Row] > 0))
        {
            had.Counts[key.Row]--;
            if (fresh.TryGetValue(key.Prompt, out var queue) && queue.Count > 0)
            {
                changed[queue.Dequeue()] = index;
            }
            else
            {
                removed.Add(index);
            }
        }

        var added = fresh.Values.SelectMany(queue => queue).Order().ToList();
        var pairs = changed.OrderBy(pair => pair.Key).Take(Shown).ToList();
        var old = Rows(earlier, [.. removed.Take(Shown), .. pairs.Select(pair => pair.Value)], cancellationToken);
        var now = Rows(later, [.. added.Take(Shown), .. pairs.Select(pair => pair.Key)], cancellationToken);
        return new VersionDifference(same, added.Count, removed.Count, changed.Count,
        [
            .. pairs.Select(pair => new RowDifference(pair.Key + 1, old[pair.Value], now[pair.Key])),
            .. removed.Take(Shown).Select(index => new RowDifference(index + 1, old[index], null)),
            .. added.Take(Shown).Select(index => new RowDifference(index + 1, null, now[index])),
        ]);
    }

    private static RowKeys Keys(string path, CancellationToken cancellationToken)
    {
        var keys = new RowKeys();
        foreach (var item in CanonicalRows.Read(path, cancellationToken))
        {
            keys.Add((Hash(RowJson.Bytes(item.Row.Json)), Hash(System.Text.Encoding.UTF8.GetBytes(RowTurn.Join(item.Row, RowPart.Prompts)))));
        }

        return keys;
    }

    private static Dictionary<int, JsonElement> Rows(string path, HashSet<int> wanted, CancellationToken cancellationToken) => wanted.Count == 0
        ? []
        : CanonicalRows.Read(path, cancellationToken).Where(item => wanted.Contains(item.Number - 1)).ToDictionary(item => item.Number - 1, item => item.Row.Json.Clone());

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    /// <summary>The rows of a version in their order, and how often each is there.</summary>
    private sealed class RowKeys : List<(UInt128 Row, UInt128 Prompt)>
    {
        public Dictionary<UInt128, int> Counts { get; } = [];

        public new void Add((UInt128 Row, UInt128 Prompt) key)
        {
            base.Add(key);
            Counts[key.Row] = Counts.GetValueOrDefault(key.Row) + 1;
        }
    }
}
