using System.Collections.Concurrent;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services.Hub;

/// <summary>How a download stands.</summary>
public enum DownloadStatus
{
    Running,
    Done,
    Cancelled,
    Failed,
}

/// <summary>A download of a model.</summary>
/// <param name="Id">Its own id.</param>
/// <param name="Model">What is fetched.</param>
/// <param name="Status">How it stands.</param>
/// <param name="File">The file that is on its way.</param>
/// <param name="Bytes">How many bytes of all files are here.</param>
/// <param name="TotalBytes">How many there are; 0 until the site has said so.</param>
/// <param name="ModelId">The model, once it is in the list.</param>
/// <param name="Problem">Why it failed, and what to do.</param>
public sealed record HubDownload(
    string Id, HubModel Model, DownloadStatus Status, string? File = null, long Bytes = 0, long TotalBytes = 0, string? ModelId = null, Failure? Problem = null);

/// <summary>
/// Fetches models from the Hugging Face Hub and from ModelScope in the background. A download that was stopped, by the user or by a broken
/// line, goes on where it ended when it is asked for again; the folder joins the models once every file has the size and hash that the site gives.
/// </summary>
public sealed class HubDownloads(HubOptions options, DataFolder folder, ModelService models, TimeProvider clock, ILogger<HubDownloads> logger) : IDisposable
{
    private const int MostAtOnce = 2;
    private static readonly TimeSpan Tell = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, HubDownload> downloads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);
    private readonly Lock starting = new();
    private readonly SemaphoreSlim slots = new(MostAtOnce, MostAtOnce);
    private readonly HttpClient client = HubTransport.NewClient();

    /// <summary>Told a download's id, on any thread, at most five times a second for each.</summary>
    public event Action<string>? Changed;

    /// <summary>Address of a site.</summary>
    public Uri AddressOf(HubSiteKind site) => options.AddressOf(site);

    /// <summary>Downloads since the application was started, those that run first.</summary>
    public IReadOnlyList<HubDownload> List() => [.. downloads.Values.OrderBy(download => download.Status).ThenBy(download => download.Model.Id, StringComparer.Ordinal)];

    /// <exception cref="UserInputException">There is none of that id.</exception>
    public HubDownload Get(string id) => downloads.TryGetValue(id, out var download) ? download : throw UserInputException.Missing("download", id);

    /// <summary>Begins a download and returns.</summary>
    /// <param name="model">What to fetch.</param>
    /// <param name="token">Access token for this download; it is not kept. Null for that of the environment.</param>
    /// <exception cref="UserInputException">The same model is being downloaded, or the environment forbids it.</exception>
    public HubDownload Start(HubModel model, string? token = null)
    {
        options.RequireOnline();
        var download = new HubDownload(ShortId.New(), model, DownloadStatus.Running);
        var stop = new CancellationTokenSource();
        lock (starting)
        {
            // Two revisions may be the same commit, and so the same files.
            if (downloads.Values.Any(other => other.Model.Site == model.Site && other.Model.Id == model.Id && other.Status == DownloadStatus.Running))
            {
                throw new UserInputException($"{model.Id} is being downloaded already.", "Wait for it, or cancel it first.", model.Id);
            }

            foreach (var ended in downloads.Values.Where(other => other.Model == model))
            {
                downloads.TryRemove(ended.Id, out _);
            }

            (downloads[download.Id], running[download.Id]) = (download, stop);
        }

        Changed?.Invoke(download.Id);
        _ = Task.Run(() => RunAsync(download, token, stop), CancellationToken.None);
        return download;
    }

    /// <summary>Stops a download; what is here stays, and the same download goes on from it.</summary>
    public void Cancel(string id)
    {
        Get(id);
        if (running.TryGetValue(id, out var stop))
        {
            stop.Cancel();
        }
    }

    /// <summary>Takes an ended download off the list.</summary>
    public void Forget(string id)
    {
        if (Get(id).Status != DownloadStatus.Running)
        {
            downloads.TryRemove(id, out _);
            Changed?.Invoke(id);
        }
    }

    public void Dispose()
    {
        foreach (var stop in running.Values)
        {
            stop.Cancel();
        }

        client.Dispose();
    }

    private async Task RunAsync(HubDownload download, string? token, CancellationTokenSource stop)
    {
        var entered = false;
        try
        {
            await slots.WaitAsync(stop.Token);
            entered = true;
            var entry = await FetchAsync(download, token, stop.Token);
            Set(download.Id, now => now with { Status = DownloadStatus.Done, File = null, ModelId = entry.Id });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Set(download.Id, now => now with { Status = DownloadStatus.Cancelled, File = null });
        }
        catch (Exception exception)
        {
            // Nobody awaits this task: whatever went wrong has to be said where the user looks.
            logger.LogWarning(exception, "Downloading {Model} failed", download.Model.Id);
            var problem = Failure.Of(exception) ?? new Failure("download", $"The download failed: {exception.Message}", "Look at the free space of the disk, then download it again: it goes on where it ended.");
            Set(download.Id, now => now with { Status = DownloadStatus.Failed, Problem = problem });
        }
        finally
        {
            running.TryRemove(download.Id, out _);
            if (entered)
            {
                slots.Release();
            }
        }
    }

    private async Task<ModelEntry> FetchAsync(HubDownload download, string? token, CancellationToken cancellationToken)
    {
        var (model, site) = (download.Model, AddressOf(download.Model.Site));
        var transport = new HubTransport(client, site, options.TokenOf(model.Site, token), options, clock);
        var listing = await HubSite.ListAsync(transport, site, model, cancellationToken);
        var files = HubSelection.Of(listing, model);
        var partial = Path.Combine(folder.Downloads, FolderName(model, listing.Commit));
        Directory.CreateDirectory(partial);
        HubSelection.CheckSpace(files, partial);
        var (before, total, told) = (0L, files.Sum(file => file.Size), 0L);
        var one = new HubFileDownload(transport, model, options);
        foreach (var file in files)
        {
            await one.RunAsync(HubSite.FileAddress(site, model, listing.Commit, file.Path), file, Path.Combine(partial, file.Path), bytes =>
            {
                if (clock.GetElapsedTime(told) >= Tell)
                {
                    told = clock.GetTimestamp();
                    Set(download.Id, now => now with { File = file.Path, Bytes = before + bytes, TotalBytes = total });
                }
            }, cancellationToken);
            before += file.Size;
            Set(download.Id, now => now with { File = file.Path, Bytes = before, TotalBytes = total });
            HubSelection.CheckEarly(file.Path, partial);
        }

        return await AddAsync(partial, model, listing.Commit, cancellationToken);
    }

    /// <summary>The complete folder takes its place among the models; where it cannot be used it goes back, so that a second try need not fetch it again.</summary>
    private async Task<ModelEntry> AddAsync(string partial, HubModel model, string commit, CancellationToken cancellationToken)
    {
        ModelSource.Write(partial, new ModelSource(model.Site.ToString(), model.Id, model.Revision, commit, clock.GetUtcNow()));
        var target = Path.Combine(folder.Models, $"{model.Name}-{ShortId.New()}");
        Directory.Move(partial, target);
        try
        {
            return await models.AddFolderAsync(target, model.Name, cancellationToken);
        }
        catch
        {
            Directory.Move(target, partial);
            throw;
        }
    }

    internal static string FolderName(HubModel model, string commit) =>
        $"{model.Site}--{model.Id.Replace("/", "--", StringComparison.Ordinal)}--{commit.Replace("/", "--", StringComparison.Ordinal)}";

    private void Set(string id, Func<HubDownload, HubDownload> change)
    {
        if (downloads.TryGetValue(id, out var now))
        {
            downloads[id] = change(now);
            Changed?.Invoke(id);
        }
    }
}
