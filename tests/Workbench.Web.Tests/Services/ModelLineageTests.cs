using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class ModelLineageTests
{
    private static readonly string Model = Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model");

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>A copy among the workbench's own models, as a download leaves it.</summary>
    private static async Task<ModelEntry> OwnModelAsync(TestServices services)
    {
        var folder = Directory.CreateDirectory(Path.Combine(services.Get<DataFolder>().Models, "copy")).FullName;
        foreach (var file in Directory.GetFiles(Model))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return await services.Get<ModelService>().AddFolderAsync(folder, "base", Cancel);
    }

    private static RunEntry Run(string id, RunStatus status, string model, string dataset) => new()
    {
        Id = id, Name = id, Status = status, Method = "sft", Model = model, Dataset = dataset, Config = "{}", Folder = "/nowhere", CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static async Task StoreAsync(TestServices services, params RunEntry[] runs)
    {
        await using var database = services.Database();
        database.AddRange(runs);
        await database.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task A_trained_model_leads_back_to_its_run_data_version_and_parent()
    {
        await using var services = await TestServices.StartAsync();
        var parent = await OwnModelAsync(services);
        await using var rows = new MemoryStream("{\"text\":\"a\"}\n"u8.ToArray());
        var dataset = (await services.Get<DatasetService>().ImportAsync(rows, "rows.jsonl", cancellationToken: Cancel)).Dataset;
        var path = Directory.GetFiles(services.Get<DatasetStore>().FolderOf(dataset.Id), "*.jsonl", SearchOption.AllDirectories)[0];
        await StoreAsync(services, Run("trained", RunStatus.Completed, parent.Path + "/", path));
        var child = await services.Get<ModelService>().AddAsync(Model, "child", "trained", Cancel);

        var origin = await services.Get<ModelLineage>().OriginAsync(child, Cancel);
        Assert.Equal(("trained", parent.Id, dataset.Id, (int?)1), (origin.Run?.Id, origin.Parent?.Id, origin.Dataset?.Id, origin.DatasetVersion));
    }

    [Fact]
    public async Task A_model_of_the_workbenchs_own_goes_with_its_files_but_not_under_a_run()
    {
        await using var services = await TestServices.StartAsync();
        var model = await OwnModelAsync(services);
        var lineage = services.Get<ModelLineage>();
        await StoreAsync(services, Run("old", RunStatus.Completed, model.Path, "/rows"), Run("active", RunStatus.Running, model.Path, "/rows"));
        var dependents = await lineage.DependentsAsync(model, Cancel);
        Assert.Equal(("active", "old"), (dependents.ActiveRuns.Single().Id, dependents.EndedRuns.Single().Id));
        var refused = await Assert.ThrowsAsync<UserInputException>(() => lineage.DeleteAsync(model.Id, Cancel));
        Assert.Contains("active", refused.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(model.Path));

        await using (var database = services.Database())
        {
            database.Remove(await database.Runs.FindAsync(["active"], Cancel) ?? throw new InvalidOperationException());
            await database.SaveChangesAsync(Cancel);
        }

        await lineage.DeleteAsync(model.Id, Cancel);
        Assert.False(Directory.Exists(model.Path));
        Assert.Empty(await services.Get<ModelService>().ListAsync(Cancel));
    }

    [Fact]
    public async Task A_folder_from_elsewhere_keeps_its_files()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Model, cancellationToken: Cancel);
        await services.Get<ModelLineage>().DeleteAsync(model.Id, Cancel);
        Assert.True(File.Exists(Path.Combine(Model, "config.json")));
        Assert.Empty(await services.Get<ModelService>().ListAsync(Cancel));
    }

    [Theory]
    [InlineData("---\nlicense: apache-2.0\nbase_model: Qwen/Qwen3-0.6B\n---\n# x", "apache-2.0", "Qwen/Qwen3-0.6B")]
    [InlineData("---\r\nlicense: other\r\nlicense_name: llama3.1\r\nbase_model:\r\n- meta-llama/Llama-3.1-8B\r\n---\r\n", "llama3.1", "meta-llama/Llama-3.1-8B")]
    [InlineData("# no front matter\nlicense: mit", null, null)]
    public void The_card_says_licence_and_base_model(string card, string? license, string? baseModel)
    {
        var folder = TestFolder.Create();
        File.WriteAllText(Path.Combine(folder, "README.md"), card);
        Assert.Equal(new ModelCard(license, baseModel), ModelCard.Read(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_licence_file_stands_in_for_a_silent_card()
    {
        var folder = TestFolder.Create();
        File.WriteAllText(Path.Combine(folder, "LICENSE.txt"), "MIT");
        Assert.Equal(new ModelCard("LICENSE.txt", null), ModelCard.Read(folder));
        Directory.Delete(folder, recursive: true);
    }
}
