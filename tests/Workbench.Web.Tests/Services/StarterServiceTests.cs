using Workbench.Web.Services;
using Workbench.Web.Starter;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class StarterServiceTests
{
    [Fact]
    public async Task Model_rows_and_pairs_are_there_once_however_often_they_are_loaded()
    {
        await using var services = await TestServices.StartAsync();

        await services.Get<StarterService>().LoadAsync();
        await services.Get<StarterService>().LoadAsync();

        var model = Assert.Single(await services.Get<ModelService>().ListAsync());
        Assert.StartsWith(services.Root, model.Path, StringComparison.Ordinal);
        var datasets = (await services.Get<DatasetService>().ListAsync()).ToDictionary(dataset => dataset.Name, dataset => dataset.Latest);
        Assert.Equal((2184, 0), (datasets["starter_sft"].Rows, datasets["starter_sft"].BadRows));
        Assert.Equal((128, 0), (datasets["starter_dpo"].Rows, datasets["starter_dpo"].BadRows));
        Assert.Equal(2, datasets.Count);
    }
}
