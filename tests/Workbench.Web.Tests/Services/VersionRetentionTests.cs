using System.Text;
using Microsoft.EntityFrameworkCore;
using Workbench.Data.Filters;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

/// <summary>Versions that are taken back, and rows that are let go.</summary>
public sealed class VersionRetentionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_version_is_taken_back_as_if_it_had_not_been_made()
    {
        await using var services = await TestServices.StartAsync();
        var (id, retention, datasets) = (await ImportAsync(services), services.Get<VersionRetention>(), services.Get<DatasetService>());
        var made = await MakeAsync(services, id);

        Assert.Contains("cannot be taken back", (await Assert.ThrowsAsync<UserInputException>(() => retention.TakeBackAsync(id, 1, Cancel))).Message, StringComparison.Ordinal);
        await retention.TakeBackAsync(id, 2, Cancel);

        var left = await datasets.GetAsync(id, Cancel);
        Assert.Equal([1], left.Versions.Select(version => version.Number));
        Assert.Equal([1], services.Get<DatasetStore>().Enumerate().Single().Versions.Select(version => version.Number)); // the next start reads this
        Assert.False(services.Get<DatasetStore>().HasRows(made));
        Assert.Contains("cannot be taken back", (await Assert.ThrowsAsync<UserInputException>(() => retention.TakeBackAsync(id, 1, Cancel))).Message, StringComparison.Ordinal);
        Assert.Equal(made.ContentHash, (await MakeAsync(services, id)).ContentHash);
        Assert.Empty(Directory.EnumerateFileSystemEntries(services.Get<DataFolder>().Temporary));
    }

    [Fact]
    public async Task Rows_are_let_go_and_a_recipe_brings_them_back()
    {
        await using var services = await TestServices.StartAsync();
        var (id, retention, store, recipes) = (await ImportAsync(services), services.Get<VersionRetention>(), services.Get<DatasetStore>(), services.Get<DatasetRecipes>());
        var second = await MakeAsync(services, id);
        var third = await MakeAsync(services, id);

        Assert.Contains("newest", (await Assert.ThrowsAsync<UserInputException>(() => retention.DropRowsAsync(id, 3, Cancel))).Message, StringComparison.Ordinal);
        await retention.DropRowsAsync(id, 2, Cancel);

        Assert.False(store.HasRows(second));
        Assert.Contains("let go", (await Assert.ThrowsAsync<UserInputException>(() => recipes.PreviewAsync(id, Recipe.Parse("""{"steps":[{"op":"exact_dedup"}]}"""), 2, cancellationToken: Cancel))).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], (await services.Get<DatasetService>().GetAsync(id, Cancel)).Versions.Select(version => version.Number));

        Assert.Equal(second.ContentHash, await recipes.ReproduceAsync(id, 2, Cancel));
        Assert.True(store.HasRows(second));
        Assert.Equal(await File.ReadAllBytesAsync(store.Open(third).RowsPath, Cancel), await File.ReadAllBytesAsync(store.Open(second).RowsPath, Cancel));
    }

    [Theory]
    [InlineData(RunStatus.Completed, false)]
    [InlineData(RunStatus.Interrupted, true)]
    [InlineData(RunStatus.Queued, true)]
    public async Task What_a_run_was_trained_on_is_never_taken_back_and_what_it_still_needs_stays(RunStatus status, bool needed)
    {
        await using var services = await TestServices.StartAsync();
        var (id, retention, store) = (await ImportAsync(services), services.Get<VersionRetention>(), services.Get<DatasetStore>());
        var second = await MakeAsync(services, id);
        await using (var context = await services.Get<IDbContextFactory<WorkbenchDbContext>>().CreateDbContextAsync(Cancel))
        {
            context.Runs.Add(new RunEntry
            {
                Id = "r", Name = "a run", Status = status, Method = "sft", Model = "/m", Dataset = store.Open(second).RowsPath, Config = "{}", Folder = "/nowhere", CreatedAt = DateTimeOffset.UnixEpoch,
            });
            await context.SaveChangesAsync(Cancel);
        }

        Assert.Contains("a run", (await Assert.ThrowsAsync<UserInputException>(() => retention.TakeBackAsync(id, 2, Cancel))).Message, StringComparison.Ordinal);
        await MakeAsync(services, id);
        if (needed)
        {
            Assert.Contains("may still need", (await Assert.ThrowsAsync<UserInputException>(() => retention.DropRowsAsync(id, 2, Cancel))).Message, StringComparison.Ordinal);
        }
        else
        {
            await retention.DropRowsAsync(id, 2, Cancel);
        }

        Assert.Equal(needed, store.HasRows(second));
    }

    private static async Task<DatasetVersion> MakeAsync(TestServices services, string id) =>
        (await services.Get<DatasetRecipes>().ApplyAsync(id, Recipe.Parse("""{"steps":[{"op":"exact_dedup"}]}"""), 1, cancellationToken: Cancel)).Version;

    private static async Task<string> ImportAsync(TestServices services)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("{\"text\":\"one\"}\n{\"text\":\"one\"}\n{\"text\":\"two\"}\n"));
        return (await services.Get<DatasetService>().ImportAsync(stream, "texts.jsonl", cancellationToken: Cancel)).Dataset.Id;
    }
}
