using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Workbench.Web.Tests.Support;

/// <summary>
/// The Hub's and ModelScope's addresses for models and datasets on this machine: tree in pages, resolve with a redirection of LFS files to another
/// host, ranges. The other host stands for the content network.
/// </summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication site;
    private readonly WebApplication content;

    private FakeHub(WebApplication site, WebApplication content) => (this.site, this.content) = (site, content);

    /// <summary>Files of <c>org/name</c> by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Every request: host, path, range and authorization.</summary>
    public ConcurrentQueue<(string Host, string Path, string? Range, string? Authorization)> Requests { get; } = new();

    /// <summary>Connections to the content network that break after so many bytes, one after the other.</summary>
    public ConcurrentQueue<int> Breaks { get; } = new();

    /// <summary>A token without which nothing is given out.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the content network sends what it should not.</summary>
    public bool Damages { get; set; }

    /// <summary>Whether the request after a break waits, until its client goes.</summary>
    public bool HoldsAfterBreak { get; set; }

    /// <summary>Done once a request waits.</summary>
    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Address => new(site.Urls.First());

    public static async Task<FakeHub> StartAsync()
    {
        var hub = new FakeHub(Build(), Build());
        hub.content.MapGet("/lfs/{**path}", (HttpContext context, string path) => hub.SendAsync(context, path));
        await hub.content.StartAsync();
        hub.site.Use(hub.GuardAsync);
        hub.site.MapGet("/api/{kind}/org/name/revision/{revision}", (string revision) =>
            revision is "main" or "v2" ? Results.Json(new { id = "org/name", sha = Commit }) : Results.NotFound());
        hub.site.MapGet("/api/{kind}/org/name/tree/{commit}", hub.Tree);
        hub.site.MapGet("/org/name/resolve/{commit}/{**path}", hub.ResolveAsync);
        hub.site.MapGet("/datasets/org/name/resolve/{commit}/{**path}", hub.ResolveAsync);
        hub.site.MapGet("/api/v1/models/org/name/repo/files", (string revision) => hub.ModelScopeFiles(revision, 0, int.MaxValue));
        hub.site.MapGet("/api/v1/datasets/org/name/repo/tree", (string revision, int pageNumber, int pageSize) => hub.ModelScopeFiles(revision, (pageNumber - 1) * pageSize, pageSize));
        hub.site.MapGet("/api/v1/{kind}/org/name/repo", (HttpContext context, string filePath) => hub.SendAsync(context, filePath));
        await hub.site.StartAsync();
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await content.DisposeAsync();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static bool IsLfs(string path) => Path.GetExtension(path) is ".safetensors" or ".parquet";

    private Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        Note("site", context);
        if (Token is null || context.Request.Headers.Authorization == $"Bearer {Token}")
        {
            return next(context);
        }

        context.Response.StatusCode = 401;
        return Task.CompletedTask;
    }

    private Task ResolveAsync(HttpContext context, string commit, string path) =>
        commit != Commit || !Files.ContainsKey(path) ? Results.NotFound().ExecuteAsync(context)
        : IsLfs(path) ? Results.Redirect($"{content.Urls.First()}/lfs/{path}").ExecuteAsync(context)
        : SendAsync(context, path);

    /// <summary>ModelScope's answer.</summary>
    private IResult ModelScopeFiles(string revision, int skip, int take) => Results.Json(revision == "master"
        ? new { Code = 200, Message = "", Data = new { Files = Files.Skip(skip).Take(take).Select(file => new { Path = file.Key, Size = file.Value.Length, Type = "blob", Sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Value)) }) } }
        : (object)new { Code = 404, Message = "revision not found" }, new System.Text.Json.JsonSerializerOptions());

    /// <summary>Two files a page, as the Hub pages its trees.</summary>
    private IResult Tree(HttpContext context, string commit, int cursor = 0)
    {
        Assert.Equal(Commit, commit);
        if (cursor + 2 < Files.Count)
        {
            context.Response.Headers.Link = $"<{Address.ToString().TrimEnd('/')}{context.Request.Path}?recursive=true&cursor={cursor + 2}>; rel=\"next\"";
        }

        return Results.Json(Files.Skip(cursor).Take(2).Select(file => IsLfs(file.Key)
            ? (object)new { type = "file", path = file.Key, size = file.Value.Length, oid = "pointer", lfs = new { oid = Convert.ToHexStringLower(SHA256.HashData(file.Value)), size = file.Value.Length } }
            : new { type = "file", path = file.Key, size = file.Value.Length, oid = GitBlob(file.Value) }));
    }

#pragma warning disable CA5350 // Git's object names are SHA-1
    private static string GitBlob(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350

    private async Task SendAsync(HttpContext context, string path)
    {
        var lfs = context.Request.Path.StartsWithSegments("/lfs");
        if (lfs)
        {
            Note("content", context);
        }

        if (lfs && HoldsAfterBreak && Breaks.IsEmpty)
        {
            Held.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        var bytes = Files[path];
        var from = RangeHeaderValue.TryParse(context.Request.Headers.Range, out var range) ? (int)range.Ranges.Single().From!.Value : 0;
        context.Response.StatusCode = from > 0 ? 206 : 200;
        context.Response.ContentLength = bytes.Length - from;
        if (from > 0)
        {
            context.Response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        var part = bytes.AsMemory(from);
        if (Damages && lfs)
        {
            part = part.ToArray();
            part.Span[^1] ^= 1;
        }

        if (lfs && Breaks.TryDequeue(out var after))
        {
            await context.Response.Body.WriteAsync(part[..after]); // fewer than announced: Kestrel closes the connection behind them
            return;
        }

        await context.Response.Body.WriteAsync(part);
    }

    private void Note(string host, HttpContext context) =>
        Requests.Enqueue((host, context.Request.Path, context.Request.Headers.Range, context.Request.Headers.Authorization));
}
