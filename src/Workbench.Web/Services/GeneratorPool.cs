using Workbench.Learning.Generation;

namespace Workbench.Web.Services;

/// <summary>
/// Keeps the models that were used last in memory, a bounded number of them. A model whose weights changed on disk is loaded anew; one
/// that is answering is never unloaded.
/// </summary>
public sealed class GeneratorPool : IDisposable
{
    /// <summary>Models kept warm: as many as a chat has panes.</summary>
    private const int Kept = 4;

    private readonly Lock sync = new();
    private readonly List<Entry> entries = []; // least recently used first

    /// <summary>The model at <paramref name="path"/>, loaded if need be. Dispose the lease when the answer is complete.</summary>
    /// <param name="path">Folder of a model or of an adapter.</param>
    /// <param name="basePath">Folder of the adapter's base model; null for a model.</param>
    /// <exception cref="Learning.Models.ModelException">The folder cannot be used.</exception>
    public Lease Rent(string path, string? basePath = null)
    {
        var entry = Find(path, basePath);
        try
        {
            return new Lease(this, entry, entry.Generator.Value);
        }
        catch
        {
            Return(entry, broken: true);
            throw;
        }
    }

    public void Dispose()
    {
        lock (sync)
        {
            foreach (var entry in entries)
            {
                entry.Unload();
            }

            entries.Clear();
        }
    }

    private Entry Find(string path, string? basePath)
    {
        var stamp = Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max()
            : default;
        lock (sync)
        {
            var entry = entries.Find(candidate => candidate.Path == path && candidate.BasePath == basePath && candidate.Stamp == stamp) ?? new Entry(path, basePath, stamp);
            entries.Remove(entry);
            entries.Add(entry);
            entry.Users++;
            Trim();
            return entry;
        }
    }

    private void Return(Entry entry, bool broken = false)
    {
        lock (sync)
        {
            entry.Users--;
            if (broken)
            {
                entries.Remove(entry); // not kept: the folder may be repaired
            }

            Trim();
            if (!entries.Contains(entry) && entry.Users == 0)
            {
                entry.Unload();
            }
        }
    }

    private void Trim()
    {
        while (entries.Count > Kept && entries.Find(entry => entry.Users == 0) is { } oldest)
        {
            entries.Remove(oldest);
            oldest.Unload();
        }
    }

    /// <summary>The right to use a loaded model until disposed.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly GeneratorPool pool;
        private Entry? entry;

        internal Lease(GeneratorPool pool, Entry entry, Generator generator) => (this.pool, this.entry, Generator) = (pool, entry, generator);

        public Generator Generator { get; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref entry, null) is { } used)
            {
                pool.Return(used);
            }
        }
    }

    internal sealed class Entry(string path, string? basePath, DateTime stamp)
    {
        public string Path => path;

        public string? BasePath => basePath;

        public DateTime Stamp => stamp;

        public int Users { get; set; }

        public Lazy<Generator> Generator { get; } = new(() =>
            Learning.Generation.Generator.Load(basePath ?? path, basePath is null ? null : path));

        public void Unload()
        {
            if (Generator.IsValueCreated)
            {
                Generator.Value.Dispose();
            }
        }
    }
}
