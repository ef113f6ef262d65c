using Workbench.Language.Tokenizers;

namespace Workbench.Web.Services;

/// <summary>Keeps the tokenizers that were used last: a large one takes a noticeable time to load, and a preview asks at every key.</summary>
public sealed class TokenizerCache
{
    private const int Kept = 4;

    private readonly Lock sync = new();
    private readonly List<Entry> entries = []; // least recently used first

    /// <summary>The tokenizer of a model folder; loaded anew when a file of it changed.</summary>
    /// <exception cref="TokenizerException">The folder has none, or a broken one.</exception>
    public PretrainedTokenizer Get(string folder)
    {
        var stamp = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.json").Concat(Directory.EnumerateFiles(folder, "*.jinja")).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max()
            : default;
        lock (sync)
        {
            var entry = entries.Find(candidate => candidate.Folder == folder && candidate.Stamp == stamp)
                ?? new Entry(folder, stamp, PretrainedTokenizer.Load(folder));
            entries.RemoveAll(candidate => candidate.Folder == folder);
            entries.Add(entry);
            if (entries.Count > Kept)
            {
                entries.RemoveAt(0);
            }

            return entry.Tokenizer;
        }
    }

    private sealed record Entry(string Folder, DateTime Stamp, PretrainedTokenizer Tokenizer);
}
