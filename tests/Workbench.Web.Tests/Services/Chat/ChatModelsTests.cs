using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Chat;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Chat;

public sealed class ChatModelsTests
{
    private static ModelEntry Model(string id, string name, int day, string? run = null, string? basePath = null) => new()
    {
        Id = id, Name = name, Path = $"/models/{id}", Architecture = "", DType = "", ParentRunId = run, BasePath = basePath,
        AddedAt = new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero),
    };

    private static async Task<TestServices> StartAsync()
    {
        var services = await TestServices.StartAsync();
        var folder = Path.Combine(services.Root, "runs", "r");
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint-20"));
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint-3"));
        await using var context = services.Database();
        context.Runs.Add(new RunEntry
        {
            Id = "r", Name = "r", Status = RunStatus.Completed, Method = "sft", Model = "base", Dataset = "", Config = "{}", Folder = folder, CreatedAt = DateTimeOffset.UnixEpoch,
        });
        context.Models.AddRange(
            Model("base", "story", 1), Model("lora", "adapter", 2, "r", "/models/base"), Model("tuned", "story", 3, "r"));
        await context.SaveChangesAsync();
        return services;
    }

    [Fact]
    public async Task A_choice_of_model_adapter_and_checkpoint_names_its_folders()
    {
        await using var services = await StartAsync();
        var models = services.Get<ChatModels>();
        Assert.Equal(new ChatWeights("story", "/models/base", null), await models.ResolveAsync("base", null, null));
        Assert.Equal(new ChatWeights("story + adapter", "/models/lora", "/models/base"), await models.ResolveAsync("base", "lora", null));
        Assert.Equal(new ChatWeights("adapter", "/models/lora", "/models/base"), await models.ResolveAsync("lora", "", null));
        var checkpoint = await models.ResolveAsync("base", "lora", 20);
        Assert.Equal((Path.Combine(services.Root, "runs", "r", "checkpoint-20"), "/models/base"), (checkpoint.Path, checkpoint.BasePath));
    }

    [Fact]
    public async Task A_client_names_a_model_by_id_or_name_and_of_two_with_one_name_gets_the_newer()
    {
        await using var services = await StartAsync();
        var models = services.Get<ChatModels>();
        Assert.Equal("/models/tuned", (await models.FindAsync("story")).Path);
        Assert.Equal("/models/base", (await models.FindAsync("base")).Path);
        Assert.EndsWith("checkpoint-3", (await models.FindAsync("adapter@checkpoint-3")).Path, StringComparison.Ordinal);
        Assert.Equal(
            ["story", "story@checkpoint-3", "story@checkpoint-20", "adapter", "adapter@checkpoint-3", "adapter@checkpoint-20", "base"],
            (await models.NamesAsync()).Select(known => known.Name));
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("story@checkpoint-x", true)]
    [InlineData("story@checkpoint-4", false)]
    [InlineData("base@checkpoint-3", false)] // it was not trained here
    public async Task What_is_not_there_is_said(string name, bool missing)
    {
        await using var services = await StartAsync();
        var exception = await Assert.ThrowsAsync<UserInputException>(() => services.Get<ChatModels>().FindAsync(name));
        Assert.Equal(missing, exception.NotFound);
    }

    [Fact]
    public async Task A_whole_model_is_no_adapter()
    {
        await using var services = await StartAsync();
        var exception = await Assert.ThrowsAsync<UserInputException>(() => services.Get<ChatModels>().ResolveAsync("base", "tuned", null));
        Assert.Contains("is no adapter", exception.Message, StringComparison.Ordinal);
    }
}
