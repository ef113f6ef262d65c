using System.Collections.Concurrent;
using Workbench.Learning.Evaluation;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services.RowModels;

namespace Workbench.Web.Services.Rows;

/// <summary>Tokens of a version being counted.</summary>
/// <param name="Total">Rows of the version.</param>
public sealed record TokenCount(int Total)
{
    private int done;

    internal CancellationTokenSource Stop { get; } = new();

    /// <summary>Rows counted.</summary>
    public int Done => Volatile.Read(ref done);

    /// <summary>Why it failed; null where it did not.</summary>
    public Exception? Failure { get; internal set; }

    /// <summary>Whether it is over.</summary>
    public bool Ended { get; internal set; }

    internal void Count(int rows) => Volatile.Write(ref done, rows);
}

/// <summary>Token counts of versions by models: made in the background when somebody asks, kept by the rows' hash and the tokenizer's fingerprint.</summary>
public sealed class TokenIndexes(DataFolder folder, DatasetStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, TokenCount> counts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim one = new(1); // one fills all cores

    /// <summary>The index of a version for a model; it may not be made yet.</summary>
    /// <exception cref="Learning.Models.ModelException">The model's folder cannot be read.</exception>
    public TokenIndex Of(DatasetVersion version, ModelEntry model) => new(folder.TokenIndexOf(version.ContentHash, ModelFingerprint.OfTokenizer(model.TokenizerPath)));

    /// <summary>The latest count of an index since the application began; null for none.</summary>
    public TokenCount? CountOf(TokenIndex index) => counts.GetValueOrDefault(index.Path);

    /// <summary>Begins to count.</summary>
    /// <param name="version">The rows.</param>
    /// <param name="model">Whose template and tokenizer.</param>
    public TokenCount Begin(DatasetVersion version, ModelEntry model)
    {
        var index = Of(version, model);
        var count = new TokenCount(version.Rows);
        if (counts.AddOrUpdate(index.Path, count, (_, before) => before.Ended ? count : before) is var held && held == count)
        {
            _ = Task.Run(() => CountAsync(version, model, index, count), CancellationToken.None);
        }

        return held;
    }

    public void Dispose()
    {
        foreach (var count in counts.Values)
        {
            count.Stop.Cancel();
        }
    }

    private async Task CountAsync(DatasetVersion version, ModelEntry model, TokenIndex index, TokenCount count)
    {
        try
        {
            await one.WaitAsync(count.Stop.Token);
            try
            {
                index.Build(CanonicalRows.Read(store.Open(version).RowsPath, count.Stop.Token), RowTokenCounter.Load(model.TokenizerPath), count.Count, count.Stop.Token);
            }
            finally
            {
                one.Release();
            }
        }
        catch (Exception exception)
        {
            count.Failure = exception; // the page that shows the count says it
        }

        count.Ended = true;
    }
}
