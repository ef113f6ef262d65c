using System.Text.Json;

namespace Workbench.Web.Services.Hub;

/// <summary>What sites answer when asked for the files of a model or dataset, and where those lie.</summary>
internal static class HubSite
{
    private const int MaxPages = 100;
    private const int ModelScopePage = 100;

    /// <exception cref="UserInputException">The site cannot be reached, refuses, or has no such thing.</exception>
    public static Task<HubListing> ListAsync(HubTransport transport, Uri site, HubModel model, CancellationToken cancellationToken) => model.Site == HubSiteKind.HuggingFace
        ? ListHuggingFaceAsync(transport, site, model, cancellationToken)
        : ListModelScopeAsync(transport, site, model, cancellationToken);

    /// <summary>Address of a file's bytes.</summary>
    public static Uri FileAddress(Uri site, HubModel model, string commit, string path) => model.Site == HubSiteKind.HuggingFace
        ? new Uri(site, $"{Base(site)}/{(model.Kind == HubKind.Dataset ? "datasets/" : "")}{model.Id}/resolve/{Uri.EscapeDataString(commit)}/{EscapePath(path)}")
        : new Uri(site, $"{Base(site)}/api/v1/{model.Plural}/{model.Id}/repo?Revision={Uri.EscapeDataString(commit)}&FilePath={Uri.EscapeDataString(path)}");

    /// <summary>The Hub: the revision's commit first, then the tree of that commit page by page; an LFS file's oid is its SHA-256, another's Git's SHA-1.</summary>
    private static async Task<HubListing> ListHuggingFaceAsync(HubTransport transport, Uri site, HubModel model, CancellationToken cancellationToken)
    {
        var revision = Uri.EscapeDataString(model.Revision ?? "main");
        var (about, _) = await transport.GetJsonAsync(new Uri(site, $"{Base(site)}/api/{model.Plural}/{model.Id}/revision/{revision}"), model, cancellationToken);
        var commit = Text(about, "sha") ?? throw transport.NoListing();
        var files = new List<HubFile>();
        var page = (Uri?)new Uri(site, $"{Base(site)}/api/{model.Plural}/{model.Id}/tree/{Uri.EscapeDataString(commit)}?recursive=true");
        for (var pages = 0; page is not null && pages < MaxPages; pages++)
        {
            (var list, page) = await transport.GetJsonAsync(page, model, cancellationToken);
            if (list.ValueKind != JsonValueKind.Array)
            {
                throw transport.NoListing();
            }

            foreach (var entry in list.EnumerateArray().Where(entry => Text(entry, "type") == "file"))
            {
                var lfs = entry.TryGetProperty("lfs", out var found) && found.ValueKind == JsonValueKind.Object;
                files.Add(new HubFile(
                    Text(entry, "path") ?? throw transport.NoListing(),
                    Size(lfs ? found : entry, "size") ?? throw transport.NoListing(),
                    lfs ? Text(found, "oid")?.ToLowerInvariant() : null,
                    lfs ? null : Text(entry, "oid")?.ToLowerInvariant()));
            }
        }

        return new HubListing(commit, files);
    }

    /// <summary>
    /// ModelScope: a SHA-256 for every file, in one list for a model and page by page for a dataset; its main branch is <c>master</c>. The addresses are
    /// those of the modelscope package's HubApi.
    /// </summary>
    private static async Task<HubListing> ListModelScopeAsync(HubTransport transport, Uri site, HubModel model, CancellationToken cancellationToken)
    {
        var revision = model.Revision ?? "master";
        var about = $"Revision={Uri.EscapeDataString(revision)}&Recursive=true";
        if (model.Kind == HubKind.Model)
        {
            return new HubListing(revision, await PageAsync($"repo/files?{about}"));
        }

        var files = new List<HubFile>();
        for (var number = 1; number <= MaxPages; number++)
        {
            var page = await PageAsync($"repo/tree?{about}&Root=%2F&PageNumber={number}&PageSize={ModelScopePage}");
            files.AddRange(page);
            if (page.Count < ModelScopePage)
            {
                break;
            }
        }

        return new HubListing(revision, files);

        async Task<List<HubFile>> PageAsync(string query)
        {
            var (answer, _) = await transport.GetJsonAsync(new Uri(site, $"{Base(site)}/api/v1/{model.Plural}/{model.Id}/{query}"), model, cancellationToken);
            if (Size(answer, "Code") is not 200 || !answer.TryGetProperty("Data", out var data) || data.ValueKind != JsonValueKind.Object
                || !data.TryGetProperty("Files", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                throw Text(answer, "Message") is { } message
                    ? new UserInputException($"{site.Host} has no {model.Id} at revision {revision}: {message}", "Look at the spelling, owner and name.", model.Id)
                    : transport.NoListing();
            }

            return [.. list.EnumerateArray().Where(entry => Text(entry, "Type") != "tree").Select(entry => new HubFile(
                Text(entry, "Path") ?? throw transport.NoListing(),
                Size(entry, "Size") ?? throw transport.NoListing(),
                Text(entry, "Sha256")?.ToLowerInvariant(),
                null))];
        }
    }

    private static string Base(Uri site) => site.AbsolutePath.TrimEnd('/');

    private static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString()!.Length > 0 ? text.GetString() : null;

    private static long? Size(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : null;
}
