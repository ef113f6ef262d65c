using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class ModelExportsTests
{
    private static readonly string Model = Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model");

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static async Task<ExportState> EndAsync(ModelExports exports, string model)
    {
        var ended = new TaskCompletionSource<ExportState>(TaskCreationOptions.RunContinuationsAsynchronously);
        exports.Changed += Look;
        Look(model);
        return await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel);

        void Look(string id)
        {
            if (exports.StateOf(id) is { Phase: null } state)
            {
                ended.TrySetResult(state);
            }
        }
    }

    [Fact]
    public async Task A_GGUF_file_is_written_and_can_be_fetched()
    {
        await using var app = await TestApp.StartAsync();
        var model = await app.Get<ModelService>().AddFolderAsync(Model, "tiny model", Cancel);
        var (status, _) = await app.PostAsync($"/api/models/{model.Id}/export", new { format = "gguf", dtype = "q8_0" });
        Assert.Equal(202, status);
        var state = await EndAsync(app.Get<ModelExports>(), model.Id);
        Assert.Null(state.Error);
        Assert.StartsWith("tiny_model-Q8_0-", Path.GetFileName(state.Path), StringComparison.Ordinal);
        var bytes = await app.Http.GetByteArrayAsync($"/api/models/exports/{Path.GetFileName(state.Path)}", Cancel);
        Assert.Equal("GGUF"u8.ToArray(), bytes[..4]);
        Assert.Equal(new FileInfo(state.Path!).Length, bytes.Length);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await app.Http.GetAsync("/api/models/exports/..%2Fworkbench.db", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_folder_is_written_in_another_type()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Model, cancellationToken: Cancel);
        await services.Get<ModelExports>().StartAsync(model.Id, "hf", "F32", Cancel);
        var state = await EndAsync(services.Get<ModelExports>(), model.Id);
        var written = await services.Get<ModelService>().AddFolderAsync(state.Path!, cancellationToken: Cancel);
        Assert.Equal(("float32", model.Parameters), (written.DType, written.Parameters));
    }

    [Theory]
    [InlineData("pt", null, "pt")]
    [InlineData("gguf", "q4_k", "q4_k")]
    [InlineData("hf", "q8_0", "q8_0")]
    public async Task What_cannot_be_written_is_refused_by_name(string format, string? dtype, string named)
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Model, cancellationToken: Cancel);
        var refused = await Assert.ThrowsAsync<UserInputException>(() => services.Get<ModelExports>().StartAsync(model.Id, format, dtype, Cancel));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Remedy);
    }

    [Fact]
    public async Task The_verb_writes_a_file_once()
    {
        var folder = TestFolder.Create();
        var first = await VerbRun.OfAsync(["export", "--format", "gguf", "--dtype", "f16", "--model", Model, "--output", folder], "");
        Assert.Equal(0, first.Code);
        Assert.True(File.Exists(Path.Combine(folder, "model-F16.gguf")));
        var second = await VerbRun.OfAsync(["export", "--format", "gguf", "--dtype", "f16", "--model", Model, "--output", folder], "");
        Assert.Equal(2, second.Code);
        Assert.Contains("already", second.Complaints, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
