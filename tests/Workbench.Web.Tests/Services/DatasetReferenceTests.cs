using System.Text;
using Workbench.Data.Filters;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class DatasetReferenceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_trains_on_the_version_that_is_named_and_is_evaluated_on_another()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model"), "small", Cancel);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"{{\"text\":\"row {i}\"}}\n"))));
        var id = (await services.Get<DatasetService>().ImportAsync(stream, "texts.jsonl", cancellationToken: Cancel)).Dataset.Id;
        foreach (var part in (string[])["train", "validation"])
        {
            await services.Get<DatasetRecipes>().ApplyAsync(id, Recipe.Parse($$"""{"steps":[{"op":"split","part":"{{part}}","validation":0.2}]}"""), 1, cancellationToken: Cancel);
        }

        var datasets = services.Get<DatasetService>();
        var plan = await services.Get<RunPlanner>().PlanAsync(
            $$"""{"model_name_or_path":"{{model.Id}}","dataset":"{{id}}@2","eval_dataset":"{{id}}","max_steps":1}""", null, services.Root, Cancel);

        Assert.Equal(await datasets.RowsPathAsync(id, 2, Cancel), plan.Config.Dataset);
        Assert.Equal(await datasets.RowsPathAsync(id, 3, Cancel), plan.Config.EvalDataset);
        var all = await datasets.ListAsync(Cancel);
        Assert.Equal([2, 3, 1], new[] { $"{id}@2", id, $"{id}@1" }.Select(reference => DatasetReference.Find(all, reference)!.Number));
        Assert.Equal([id, $"{id}@1"], all[0].Versions.Where(version => version.Number != 2).OrderByDescending(version => version.Number).Select(version => DatasetReference.To(all[0], version)));
        Assert.Null(DatasetReference.Find(all, id + "@9"));
        Assert.Null(DatasetReference.Find(all, "/a/file@2"));
        Assert.Contains("version", (await Assert.ThrowsAsync<UserInputException>(() => services.Get<RunPlanner>().PlanAsync(
            $$"""{"model_name_or_path":"{{model.Id}}","dataset":"{{id}}@9","max_steps":1}""", null, services.Root, Cancel))).Message, StringComparison.Ordinal);
    }
}
