using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Workbench.Data.Formats.Files;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Rows;

/// <summary>
/// The indexes of versions, by the hash of their rows: made in the background, one after another, when somebody looks at a version; it
/// can be browsed meanwhile. One that was being made when the application ended is begun anew.
/// </summary>
public sealed class RowIndexes(DataFolder folder, DatasetStore store, ILogger<RowIndexes> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, int> building = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> failed = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim one = new(1);
    private readonly CancellationTokenSource ending = new();

    /// <summary>Told the hash of a version whose index grew, was finished or failed.</summary>
    public event Action<string>? Changed;

    /// <summary>The finished index; null while it is being made, which this begins.</summary>
    public RowIndex? Of(DatasetVersion version)
    {
        var index = new RowIndex(folder.IndexOf(version.ContentHash));
        if (index.Exists)
        {
            return index;
        }

        if (!failed.ContainsKey(version.ContentHash) && building.TryAdd(version.ContentHash, 0))
        {
            _ = Task.Run(() => BuildAsync(version, index));
        }

        return null;
    }

    /// <summary>Rows done of an index that is being made; null where none is.</summary>
    public int? Progress(DatasetVersion version) => building.TryGetValue(version.ContentHash, out var rows) ? rows : null;

    /// <summary>Why the index could not be made; null where nothing failed.</summary>
    public string? Failure(DatasetVersion version) => failed.GetValueOrDefault(version.ContentHash);

    public void Dispose() => ending.Cancel(); // the rest is left to the collector: a build may still be on its way out

    private async Task BuildAsync(DatasetVersion version, RowIndex index)
    {
        var hash = version.ContentHash;
        try
        {
            await one.WaitAsync(ending.Token);
            try
            {
                index.Build(CanonicalRows.Read(store.Open(version).RowsPath, ending.Token).Select(item => item.Row), rows =>
                {
                    building[hash] = rows;
                    if (rows % 8192 == 0)
                    {
                        Changed?.Invoke(hash);
                    }
                }, ending.Token);
            }
            finally
            {
                one.Release();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            logger.LogDebug("The application ended while the rows of {Dataset} were indexed", version.DatasetId);
        }
        catch (Exception exception) when (exception is IOException or SqliteException or UnauthorizedAccessException or DataFileException)
        {
            logger.LogWarning(exception, "The rows of dataset {Dataset} could not be indexed", version.DatasetId);
            failed[hash] = exception.Message;
        }
        finally
        {
            building.TryRemove(hash, out _);
            Changed?.Invoke(hash);
        }
    }
}
