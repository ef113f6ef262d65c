using Microsoft.Extensions.DependencyInjection;
using Workbench.Web.Services;
using Workbench.Web.Services.Hub;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Hub;

public sealed class HubDownloadsTests
{
    private static readonly string Model = Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model");

    private static async Task<FakeHub> HubAsync()
    {
        var hub = await FakeHub.StartAsync();
        foreach (var path in Directory.GetFiles(Model))
        {
            hub.Files[Path.GetFileName(path)] = await File.ReadAllBytesAsync(path);
        }

        hub.Files["README.md"] = "# A model"u8.ToArray();
        hub.Files["images/loss.png"] = [1, 2, 3];
        hub.Files["pytorch_model.bin"] = [1, 2, 3];
        return hub;
    }

    private static Task<TestServices> ServicesAsync(FakeHub hub, Func<HubOptions, HubOptions>? change = null, string? root = null)
    {
        var options = new HubOptions { HuggingFace = hub.Address, ModelScope = hub.Address, FirstWait = TimeSpan.FromMilliseconds(1), Tries = 3 };
        return TestServices.StartAsync(root, services => services.AddSingleton(change?.Invoke(options) ?? options));
    }

    private static async Task<HubDownload> EndAsync(HubDownloads downloads, HubDownload download)
    {
        var ended = new TaskCompletionSource<HubDownload>(TaskCreationOptions.RunContinuationsAsynchronously);
        downloads.Changed += Look;
        Look(download.Id);
        try
        {
            return await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
        finally
        {
            downloads.Changed -= Look;
        }

        void Look(string id)
        {
            if (id == download.Id && downloads.Get(id) is { Status: not DownloadStatus.Running } now)
            {
                ended.TrySetResult(now);
            }
        }
    }

    private static HubModel Named(string? revision = null, HubSiteKind site = HubSiteKind.HuggingFace) => HubModel.Parse(site, "org/name", revision);

    [Theory]
    [InlineData(HubSiteKind.HuggingFace, null)]
    [InlineData(HubSiteKind.HuggingFace, "v2")]
    [InlineData(HubSiteKind.ModelScope, null)]
    public async Task A_model_is_fetched_and_joins_the_list(HubSiteKind site, string? revision)
    {
        await using var hub = await HubAsync();
        await using var services = await ServicesAsync(hub);
        var downloads = services.Get<HubDownloads>();
        var done = await EndAsync(downloads, downloads.Start(Named(revision, site)));

        Assert.Null(done.Problem);
        Assert.Equal(done.TotalBytes, done.Bytes);
        var model = await services.Get<ModelService>().GetAsync(done.ModelId!);
        Assert.Equal("name", model.Name);
        foreach (var name in Directory.GetFiles(Model).Select(Path.GetFileName).Append("README.md"))
        {
            Assert.Equal(hub.Files[name!], await File.ReadAllBytesAsync(Path.Combine(model.Path, name!)));
        }

        Assert.False(Path.Exists(Path.Combine(model.Path, "images")));
        Assert.False(Path.Exists(Path.Combine(model.Path, "pytorch_model.bin")));
        var source = ModelSource.Read(model.Path)!;
        Assert.Equal((site.ToString(), "org/name", site == HubSiteKind.HuggingFace ? FakeHub.Commit : "master"), (source.Site, source.Name, source.Commit));
        Assert.Empty(Directory.GetFileSystemEntries(services.Get<DataFolder>().Downloads));
    }

    [Fact]
    public async Task A_broken_connection_goes_on_where_it_ended()
    {
        await using var hub = await HubAsync();
        await using var services = await ServicesAsync(hub);
        hub.Breaks.Enqueue(100_000);
        hub.Breaks.Enqueue(50_000);
        var done = await EndAsync(services.Get<HubDownloads>(), services.Get<HubDownloads>().Start(Named()));

        Assert.Equal(DownloadStatus.Done, done.Status);
        Assert.Equal([null, "bytes=100000-", "bytes=150000-"], hub.Requests.Where(request => request.Host == "content").Select(request => request.Range));
    }

    [Fact]
    public async Task What_was_cancelled_goes_on_after_a_restart()
    {
        await using var hub = await HubAsync();
        var root = TestFolder.Create();
        hub.Breaks.Enqueue(200_000);
        hub.HoldsAfterBreak = true;
        await using (var services = await ServicesAsync(hub, root: root))
        {
            var downloads = services.Get<HubDownloads>();
            var begun = downloads.Start(Named());
            await hub.Held.Task.WaitAsync(TimeSpan.FromMinutes(1));
            downloads.Cancel(begun.Id);
            Assert.Equal(DownloadStatus.Cancelled, (await EndAsync(downloads, begun)).Status);
            Assert.Empty(await services.Get<ModelService>().ListAsync());
        }

        hub.HoldsAfterBreak = false;
        hub.Requests.Clear();
        await using (var services = await ServicesAsync(hub, root: root))
        {
            var done = await EndAsync(services.Get<HubDownloads>(), services.Get<HubDownloads>().Start(Named()));
            Assert.Equal(DownloadStatus.Done, done.Status);
            Assert.DoesNotContain(hub.Requests, request => request.Path.EndsWith("tokenizer.json", StringComparison.Ordinal)); // was complete
            Assert.Equal("bytes=200000-", hub.Requests.Single(request => request.Host == "content").Range);
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_model_is_fetched_once_at_a_time()
    {
        await using var hub = await HubAsync();
        await using var services = await ServicesAsync(hub);
        hub.Breaks.Enqueue(1000);
        hub.HoldsAfterBreak = true;
        var downloads = services.Get<HubDownloads>();
        var first = downloads.Start(Named());
        await hub.Held.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("already", Assert.Throws<UserInputException>(() => downloads.Start(Named("main"))).Message, StringComparison.Ordinal);
        downloads.Cancel(first.Id);
        Assert.Equal(DownloadStatus.Cancelled, (await EndAsync(downloads, first)).Status);
        downloads.Forget(first.Id);
        Assert.Empty(downloads.List());
    }

    [Fact]
    public async Task Damaged_weights_are_refused_and_fetched_anew_next_time()
    {
        await using var hub = await HubAsync();
        await using var services = await ServicesAsync(hub);
        hub.Damages = true;
        var failed = await EndAsync(services.Get<HubDownloads>(), services.Get<HubDownloads>().Start(Named()));
        Assert.Equal(DownloadStatus.Failed, failed.Status);
        Assert.Contains("model.safetensors", failed.Problem!.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", failed.Problem.Message, StringComparison.Ordinal);
        Assert.Empty(await services.Get<ModelService>().ListAsync());

        hub.Damages = false;
        Assert.Equal(DownloadStatus.Done, (await EndAsync(services.Get<HubDownloads>(), services.Get<HubDownloads>().Start(Named()))).Status);
    }

    [Fact]
    public async Task The_token_goes_to_the_site_alone()
    {
        await using var hub = await HubAsync();
        hub.Token = "secret";
        await using var services = await ServicesAsync(hub);
        var downloads = services.Get<HubDownloads>();
        var refused = await EndAsync(downloads, downloads.Start(Named()));
        Assert.Contains("token", refused.Problem!.Message, StringComparison.Ordinal);
        Assert.Contains("gated", refused.Problem.Remedy, StringComparison.Ordinal);

        var done = await EndAsync(downloads, downloads.Start(Named(), "secret"));
        Assert.Equal(DownloadStatus.Done, done.Status);
        Assert.All(hub.Requests.Where(request => request.Host == "content"), request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Pickles_are_refused_before_they_come()
    {
        await using var hub = await HubAsync();
        hub.Files.Remove("model.safetensors");
        await using var services = await ServicesAsync(hub);
        var failed = await EndAsync(services.Get<HubDownloads>(), services.Get<HubDownloads>().Start(Named()));
        Assert.Contains("pytorch_model.bin", failed.Problem!.Message, StringComparison.Ordinal);
        Assert.Contains("safe_serialization=True", failed.Problem.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Requests, request => request.Path.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_architecture_that_is_not_supported_is_refused_before_its_weights_come()
    {
        await using var hub = await HubAsync();
        hub.Files["config.json"] = """{"architectures":["MambaForCausalLM"],"model_type":"mamba"}"""u8.ToArray();
        await using var services = await ServicesAsync(hub);
        var failed = await EndAsync(services.Get<HubDownloads>(), services.Get<HubDownloads>().Start(Named()));
        Assert.Contains("MambaForCausalLM", failed.Problem!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Requests, request => request.Host == "content");
    }

    [Fact]
    public async Task A_site_that_does_not_answer_is_said_with_what_to_do()
    {
        var hub = await HubAsync();
        await using var services = await ServicesAsync(hub);
        await hub.DisposeAsync();
        var failed = await EndAsync(services.Get<HubDownloads>(), services.Get<HubDownloads>().Start(Named()));
        Assert.Contains("cannot be reached", failed.Problem!.Message, StringComparison.Ordinal);
        Assert.Contains("HF_ENDPOINT", failed.Problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_there_and_a_set_without_network_are_said_so()
    {
        await using var hub = await HubAsync();
        await using var services = await ServicesAsync(hub);
        var downloads = services.Get<HubDownloads>();
        var failed = await EndAsync(downloads, downloads.Start(Named("v3")));
        Assert.Contains("no org/name at revision v3", failed.Problem!.Message, StringComparison.Ordinal);

        await using var offline = await ServicesAsync(hub, options => options with { Offline = true });
        Assert.Contains("HF_HUB_OFFLINE", Assert.Throws<UserInputException>(() => offline.Get<HubDownloads>().Start(Named())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Qwen/Qwen3-0.6B", HubSiteKind.HuggingFace, "Qwen/Qwen3-0.6B", null)]
    [InlineData(" https://huggingface.co/Qwen/Qwen3-0.6B/tree/refs/pr/1 ", HubSiteKind.HuggingFace, "Qwen/Qwen3-0.6B", "refs/pr/1")]
    [InlineData("https://www.modelscope.cn/models/Qwen/Qwen3-0.6B/summary", HubSiteKind.ModelScope, "Qwen/Qwen3-0.6B", null)]
    [InlineData("gpt2", HubSiteKind.HuggingFace, "gpt2", null)]
    public void An_id_or_the_address_of_a_page_names_a_model(string text, HubSiteKind site, string id, string? revision) =>
        Assert.Equal(new HubModel(site, id, revision), HubModel.Parse(HubSiteKind.HuggingFace, text));

    [Theory]
    [InlineData("../../etc", null)]
    [InlineData("a/b/c", null)]
    [InlineData("", null)]
    [InlineData("a/b", "../x")]
    [InlineData("a/..b", null)]
    public void Anything_else_is_refused(string text, string? revision) =>
        Assert.Throws<UserInputException>(() => HubModel.Parse(HubSiteKind.HuggingFace, text, revision));
}
