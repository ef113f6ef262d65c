using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class ModelServiceTests
{
    [Fact]
    public async Task A_folder_is_described_by_its_files()
    {
        var path = Shared.Require(BrokenModels.Good);
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(path + "/", " mine ");

        // config.json of the folder; 260,032 parameters are those of the llama2.c checkpoint that it was made from.
        Assert.Equal(("mine", "LlamaForCausalLM", 512, 64, 5, 512), (model.Name, model.Architecture, model.VocabularySize, model.HiddenSize, model.Layers, model.ContextLength));
        Assert.Equal("float32", model.DType);
        Assert.Equal(260_032, model.Parameters);
        var again = await services.Get<ModelService>().AddFolderAsync(path);
        Assert.Equal(model.Id, again.Id);
        Assert.Single(await services.Get<ModelService>().ListAsync());
        await services.Get<ModelService>().RemoveAsync(model.Id);
        Assert.Empty(await services.Get<ModelService>().ListAsync());
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public async Task A_folder_without_weights_is_refused() => await RefusedAsync(BrokenModels.WithoutWeights, "safetensors");

    [Fact]
    public async Task Truncated_weights_are_refused() => await RefusedAsync(BrokenModels.Truncated, "model.safetensors");

    [Fact]
    public async Task A_vocabulary_larger_than_the_embedding_is_refused() => await RefusedAsync(BrokenModels.WithTooManyTokens, "512");

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused() => await RefusedAsync(root => Path.Combine(root, "nothing"), "nothing");

    private static async Task RefusedAsync(Func<string, string> spoil, string named)
    {
        await using var app = await TestApp.StartAsync();
        var folder = spoil(app.Root);

        var refused = await Assert.ThrowsAsync<UserInputException>(() => app.Get<ModelService>().AddFolderAsync(folder));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);

        var (status, problem) = await app.PostAsync("/api/models", new { path = folder });
        Assert.Equal(400, status);
        Assert.Equal(refused.Message, problem.GetProperty("title").GetString());
        Assert.Equal(0, (await app.GetAsync("/api/models")).GetArrayLength());

        var verb = await VerbRun.OfAsync(["logps", "--model", folder], """{"input_ids":[1,2]}""");
        Assert.Equal(2, verb.Code);
        Assert.Empty(verb.Lines);
        Assert.Contains(named, verb.Complaints, StringComparison.Ordinal);
    }
}
