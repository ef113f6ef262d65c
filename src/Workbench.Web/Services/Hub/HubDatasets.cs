using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Workbench.Data.DuckDb;
using Workbench.Data.Formats.Files;

namespace Workbench.Web.Services.Hub;

/// <summary>Rows of a dataset on a site that belong together: one file, or the shards of a split.</summary>
/// <param name="Name">Its path, with the shards' numbers left out.</param>
/// <param name="Files">In their order.</param>
public sealed record HubPart(string Name, IReadOnlyList<HubFile> Files)
{
    /// <summary>Bytes of all of its files.</summary>
    public long Size => Files.Sum(file => file.Size);
}

/// <summary>What a dataset on a site can be imported from.</summary>
/// <param name="Dataset">Which.</param>
/// <param name="Commit">The commit that its files are of.</param>
/// <param name="Parts">At least one.</param>
public sealed record HubParts(HubModel Dataset, string Commit, IReadOnlyList<HubPart> Parts);

/// <summary>Fetches datasets from the Hugging Face Hub and from ModelScope, a split at a time; a broken download goes on where it ended.</summary>
public sealed partial class HubDatasets(HubOptions options, DataFolder folder, TimeProvider clock) : IDisposable
{
    private readonly HttpClient client = HubTransport.NewClient();

    public void Dispose() => client.Dispose();

    /// <summary>Asks a site what the dataset consists of.</summary>
    /// <param name="dataset">Which.</param>
    /// <param name="token">Access token, not kept; null for that of the environment.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="UserInputException">The site cannot be reached, refuses, or has no rows of it in a known kind of file.</exception>
    public async Task<HubParts> ListAsync(HubModel dataset, string? token, CancellationToken cancellationToken)
    {
        options.RequireOnline();
        var listing = await HubSite.ListAsync(Transport(dataset, token), options.AddressOf(dataset.Site), dataset, cancellationToken);
        var parts = listing.Files.Where(file => Rows().IsMatch(file.Path) && !IsSettings(file.Path)).GroupBy(file => Shard().Replace(file.Path, ""), StringComparer.Ordinal)
            .Select(group => new HubPart(group.Key, [.. group.OrderBy(file => file.Path, StringComparer.Ordinal)])).OrderBy(part => part.Name, StringComparer.Ordinal).ToList();
        return parts.Count > 0 ? new HubParts(dataset, listing.Commit, parts)
            : throw new UserInputException($"{dataset.Id} holds no JSON, CSV or Parquet.", "A dataset that a script makes is often there once more under the revision refs/convert/parquet.", dataset.Id);
    }

    /// <summary>Fetches a part. The folder stays, for a second try, until <see cref="Forget"/>.</summary>
    /// <param name="parts">What the dataset consists of.</param>
    /// <param name="part">Which of it.</param>
    /// <param name="token">Access token, not kept; null for that of the environment.</param>
    /// <param name="arrived">Told how many bytes are here.</param>
    /// <param name="cancellationToken">Cancels; what is here stays.</param>
    /// <returns>Path of one file with all of its rows.</returns>
    /// <exception cref="UserInputException">The site refuses or cannot be reached, a file is not what the site promised, or the disk is too small.</exception>
    public async Task<string> FetchAsync(HubParts parts, HubPart part, string? token, Action<long> arrived, CancellationToken cancellationToken)
    {
        options.RequireOnline();
        var dataset = parts.Dataset;
        var directory = Path.Combine(FolderOf(parts), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(part.Name)))[..16]); // never a path that the site chose
        Directory.CreateDirectory(directory);
        HubSelection.CheckSpace([.. part.Files.Select((file, i) => file with { Path = NameOf(file, i) })], directory);
        var one = new HubFileDownload(Transport(dataset, token), dataset, options);
        var (before, paths) = (0L, new List<string>());
        foreach (var file in part.Files)
        {
            var path = Path.Combine(directory, NameOf(file, paths.Count));
            await one.RunAsync(HubSite.FileAddress(options.AddressOf(dataset.Site), dataset, parts.Commit, file.Path), file, path, bytes => arrived(before + bytes), cancellationToken);
            before += file.Size;
            paths.Add(path);
        }

        return paths.Count == 1 ? paths[0] : await Task.Run(() => Joined(paths, directory, cancellationToken), cancellationToken);
    }

    /// <summary>Takes away what was fetched of a dataset.</summary>
    public void Forget(HubParts parts)
    {
        if (Directory.Exists(FolderOf(parts)))
        {
            Directory.Delete(FolderOf(parts), recursive: true);
        }
    }

    private string FolderOf(HubParts parts) => Path.Combine(folder.Downloads, "dataset--" + HubDownloads.FolderName(parts.Dataset, parts.Commit));

    private HubTransport Transport(HubModel dataset, string? token) => new(client, options.AddressOf(dataset.Site), options.TokenOf(dataset.Site, token), options, clock);

    private static string NameOf(HubFile file, int index) => $"{index}{Rows().Match(file.Path).Value}";

    /// <summary>Shards as one file: Parquet through DuckDB, lines one file after the other.</summary>
    /// <exception cref="UserInputException">The shards are of a kind that cannot be joined.</exception>
    private static string Joined(List<string> paths, string directory, CancellationToken cancellationToken)
    {
        var kind = Rows().Match(paths[0]).Value;
        var target = Path.Combine(directory, "all" + kind);
        File.Delete(target);
        try
        {
            switch (kind)
            {
                case ".parquet":
                    ParquetFiles.Join(paths, target, directory, cancellationToken);
                    return target;
                case ".jsonl" or ".ndjson":
                    JoinLines(paths, target, "\n"u8, cancellationToken);
                    return target;
                case ".jsonl.gz" or ".ndjson.gz": // members of gzip may follow each other (RFC 1952, 2.2)
                    using (var packed = new MemoryStream())
                    {
                        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                        {
                            gzip.WriteByte((byte)'\n');
                        }

                        JoinLines(paths, target, packed.ToArray(), cancellationToken);
                    }

                    return target;
                default:
                    throw new UserInputException($"{paths.Count} shards of {kind} cannot be joined.", "Download them yourself, then import one after the other.", kind);
            }
        }
        catch (DataFileException exception)
        {
            throw new UserInputException(exception.Message, "Look at the dataset's page; perhaps its parts are to be imported one by one.", kind, exception);
        }
    }

    /// <param name="end">Follows each shard, whose last line may end without one.</param>
    private static void JoinLines(List<string> paths, string target, ReadOnlySpan<byte> end, CancellationToken cancellationToken)
    {
        using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var source = File.OpenRead(path);
            source.CopyTo(file);
            file.Write(end);
        }
    }

    /// <summary>Files about a dataset rather than of it.</summary>
    private static bool IsSettings(string path) => Path.GetFileName(path) is "dataset_infos.json" or "dataset_info.json" or "state.json" or "config.json" or "package.json";

    [GeneratedRegex(@"\.(jsonl|ndjson|json|csv|tsv|parquet)(\.gz|\.zst)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Rows();

    /// <summary>train-00000-of-00003-0f1e2d3c4b5a6978.parquet, and the converter's 0000.parquet.</summary>
    [GeneratedRegex(@"-\d{5}-of-\d{5}(-[0-9a-f]{16})?(?=\.)|(?<=/)\d{4}(?=\.parquet$)", RegexOptions.CultureInvariant)]
    private static partial Regex Shard();
}
