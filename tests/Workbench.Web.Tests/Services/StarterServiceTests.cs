using Workbench.Web.Services;
using Workbench.Web.Starter;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class StarterServiceTests
{
    [Fact]
    public async Task Model_and_rows_are_there_once_however_often_they_are_loaded()
    {
        await using var services = await TestServices.StartAsync();

        await services.Get<StarterService>().LoadAsync();
        await services.Get<StarterService>().LoadAsync();

        var model = Assert.Single(await services.Get<ModelService>().ListAsync());
        Assert.StartsWith(services.Root, model.Path, StringComparison.Ordinal);
        var dataset = Assert.Single(await services.Get<DatasetService>().ListAsync());
        Assert.Equal((960, 0), (dataset.Versions[0].Rows, dataset.Versions[0].BadRows));
    }

    [Fact]
    public void No_row_for_fine_tuning_tells_of_a_held_out_hero()
    {
        var world = new StarterWorld();
        var trained = world.Sft(StarterData.SftStories, StarterData.SftTalks, seed: 11).Select(row => string.Join(' ', row.Expect)).ToHashSet();

        Assert.DoesNotContain(world.HeldOut(seed: 12), row => trained.Contains(string.Join(' ', row.Expect)));
    }

    [Fact]
    public void Every_answer_holds_what_its_request_names()
    {
        var world = new StarterWorld();

        Assert.All(world.HeldOut(seed: 12), row => Assert.All(row.Expect, word =>
        {
            Assert.Contains(word, row.Request, StringComparison.Ordinal);
            Assert.Contains(word, row.Answer, StringComparison.Ordinal);
        }));
    }
}
