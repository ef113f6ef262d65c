using Workbench.Data.Filters;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Rows;

/// <summary>Rows by conditions on any column. The first look reads the version; the last few results are kept, so that paging costs nothing.</summary>
public sealed class ColumnScans(DatasetStore store)
{
    private const int Kept = 8;

    private readonly Lock sync = new();
    private readonly List<(string Key, int[] Rows)> known = []; // least recently used first

    /// <summary>Numbers of the rows that fulfil every condition, from 0, ascending.</summary>
    /// <param name="version">Where to look.</param>
    /// <param name="where">Conditions as <see cref="ColumnFilter.Parse"/> reads them, a line each.</param>
    /// <param name="progress">Told the rows read, now and then; not told where the result is known.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="UserInputException">A condition cannot be read, or the rows are not there.</exception>
    public async Task<IReadOnlyList<int>> FindAsync(DatasetVersion version, string where, Action<int> progress, CancellationToken cancellationToken)
    {
        var key = $"{version.ContentHash}\n{where}";
        if (Find(key) is { } before)
        {
            return before;
        }

        var filters = Parse(where);
        var path = store.Open(version).RowsPath;
        var rows = await Task.Run(() => ColumnScan.Find(path, filters, progress, cancellationToken), cancellationToken);
        lock (sync)
        {
            known.Add((key, rows));
            if (known.Count > Kept)
            {
                known.RemoveAt(0);
            }
        }

        return rows;
    }

    /// <summary>The conditions of a query.</summary>
    /// <exception cref="UserInputException">One cannot be read.</exception>
    public static IReadOnlyList<ColumnFilter> Parse(string where)
    {
        try
        {
            return [.. where.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ColumnFilter.Parse)];
        }
        catch (OperatorException exception)
        {
            throw new UserInputException(exception.Message, "Correct the condition.", "column", exception);
        }
    }

    private int[]? Find(string key)
    {
        lock (sync)
        {
            var at = known.FindIndex(one => one.Key == key);
            if (at < 0)
            {
                return null;
            }

            var found = known[at];
            known.RemoveAt(at);
            known.Add(found);
            return found.Rows;
        }
    }
}
