using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Workbench.Data.DuckDb;
using Workbench.Web.Services;
using Workbench.Web.Services.Hub;
using Workbench.Web.Services.Import;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Hub;

/// <summary>Datasets of the Hub and of ModelScope, from a server on this machine that speaks their API.</summary>
public sealed class HubDatasetsTests
{
    private static Task<TestServices> ServicesAsync(FakeHub hub, bool offline = false) => TestServices.StartAsync(null, services => services.AddSingleton(
        new HubOptions { HuggingFace = hub.Address, ModelScope = hub.Address, FirstWait = TimeSpan.FromMilliseconds(1), Tries = 3, Offline = offline }));

    private static HubModel Named(string? revision = null, HubSiteKind site = HubSiteKind.HuggingFace) => HubModel.Parse(site, "org/name", revision, HubKind.Dataset);

    private static byte[] Parquet(params string[] texts)
    {
        var folder = TestFolder.Create();
        var path = Path.Combine(folder, "x.parquet");
        ParquetFiles.Write(texts.Select(text => JsonSerializer.SerializeToElement(new { text })), path, folder);
        var bytes = File.ReadAllBytes(path);
        Directory.Delete(folder, recursive: true);
        return bytes;
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static async Task<string[]> TextsAsync(string path)
    {
        await using var file = File.OpenRead(path);
        var look = await ImportLook.OfAsync(file, Path.GetFileName(path), null, TestContext.Current.CancellationToken);
        return [.. look.Rows.Select(row => row.Row!.Json.GetProperty("text").GetString()!)];
    }

    [Theory]
    [InlineData(HubSiteKind.HuggingFace)]
    [InlineData(HubSiteKind.ModelScope)]
    public async Task Shards_are_one_part_and_come_as_one_file_in_their_order(HubSiteKind site)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Files["README.md"] = "# Rows"u8.ToArray();
        hub.Files["dataset_infos.json"] = "{}"u8.ToArray();
        hub.Files["main/train-00001-of-00002-0123456789abcdef.parquet"] = Parquet("c");
        hub.Files["main/train-00000-of-00002-0123456789abcdef.parquet"] = Parquet("a", "b");
        hub.Files["main/test-00000-of-00001.jsonl"] = "{\"text\":\"t\"}"u8.ToArray();
        hub.Files["more-00000-of-00002.jsonl.gz"] = Gzip("{\"text\":\"x\"}"); // no newline at its end
        hub.Files["more-00001-of-00002.jsonl.gz"] = Gzip("{\"text\":\"y\"}\n");
        for (var i = 0; i < 100; i++)
        {
            hub.Files[$"images/{i}.png"] = [1]; // ModelScope answers a hundred files at a time
        }

        hub.Files["zz.csv"] = "text\nz\n"u8.ToArray();
        await using var services = await ServicesAsync(hub);
        var datasets = services.Get<HubDatasets>();

        var parts = await datasets.ListAsync(Named(site: site), null, TestContext.Current.CancellationToken);

        Assert.Equal(["main/test.jsonl", "main/train.parquet", "more.jsonl.gz", "zz.csv"], parts.Parts.Select(part => part.Name));
        foreach (var (index, expected) in new[] { (0, new[] { "t" }), (1, ["a", "b", "c"]), (2, ["x", "y"]), (3, ["z"]) })
        {
            var arrived = 0L;
            Assert.Equal(expected, await TextsAsync(await datasets.FetchAsync(parts, parts.Parts[index], null, bytes => arrived = bytes, TestContext.Current.CancellationToken)));
            Assert.Equal(parts.Parts[index].Size, arrived);
        }

        datasets.Forget(parts);
        Assert.Empty(Directory.EnumerateFileSystemEntries(services.Get<DataFolder>().Downloads));
    }

    [Fact]
    public async Task A_broken_line_goes_on_where_it_ended_and_a_damaged_file_is_refused()
    {
        await using var hub = await FakeHub.StartAsync();
        var bytes = Parquet("a", "b");
        hub.Files["train.parquet"] = bytes;
        hub.Breaks.Enqueue(20);
        await using var services = await ServicesAsync(hub);
        var datasets = services.Get<HubDatasets>();
        var parts = await datasets.ListAsync(Named("v2"), null, TestContext.Current.CancellationToken);
        var path = await datasets.FetchAsync(parts, parts.Parts[0], null, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Contains(hub.Requests, request => request.Range == "bytes=20-");

        datasets.Forget(parts);
        hub.Damages = true;
        var refused = await Assert.ThrowsAsync<UserInputException>(() => datasets.FetchAsync(parts, parts.Parts[0], null, _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("SHA-256", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_private_offline_or_without_rows_is_said_so()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Files["load.py"] = [1];
        await using var services = await ServicesAsync(hub);
        var datasets = services.Get<HubDatasets>();
        Task<UserInputException> RefusedAsync(HubModel dataset) => Assert.ThrowsAsync<UserInputException>(() => datasets.ListAsync(dataset, null, TestContext.Current.CancellationToken));

        Assert.Contains("no JSON, CSV or Parquet", (await RefusedAsync(Named())).Message, StringComparison.Ordinal);
        Assert.Contains("has no org/name at revision v9", (await RefusedAsync(Named("v9"))).Message, StringComparison.Ordinal);
        hub.Token = "secret";
        Assert.Contains("without a token", (await RefusedAsync(Named())).Message, StringComparison.Ordinal);
        Assert.Throws<UserInputException>(() => HubModel.Parse(HubSiteKind.HuggingFace, "no id at all", null, HubKind.Dataset));
        Assert.Equal("org/name", HubModel.Parse(HubSiteKind.HuggingFace, "https://huggingface.co/datasets/org/name/tree/main", null, HubKind.Dataset).Id);

        await using var offline = await ServicesAsync(hub, offline: true);
        Assert.Equal("HF_HUB_OFFLINE", (await Assert.ThrowsAsync<UserInputException>(() => offline.Get<HubDatasets>().ListAsync(Named(), null, TestContext.Current.CancellationToken))).Place);
    }
}
