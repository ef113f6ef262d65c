using System.Text;
using Microsoft.EntityFrameworkCore;
using Workbench.Data.Filters;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

/// <summary>Versions that recipes make.</summary>
public sealed class DatasetRecipesTests
{
    private const string Steps = """{"steps":[{"op":"length","max_chars":4},{"op":"exact_dedup"}]}""";

    [Fact]
    public async Task A_recipe_makes_a_version_that_knows_where_it_came_from_and_keeps_what_it_removed()
    {
        await using var services = await TestServices.StartAsync();
        var id = await ImportAsync(services, "one", "much too long", "two", "ONE");

        var derived = await services.Get<DatasetRecipes>().ApplyAsync(id, Recipe.Parse(Steps), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((2, 2, 2, 1), (derived.Version.Number, derived.Version.Rows, derived.Version.BadRows, derived.Version.Parent));
        Assert.Equal([("length", 4, 1), ("exact_dedup", 3, 1)], derived.Steps.Select(step => (step.Operator, step.In, step.Removed)));
        var datasets = services.Get<DatasetService>();
        Assert.Equal(["one", "two"], (await datasets.RowsAsync(id, 0, 10)).Select(row => row.GetProperty("text").GetString()));
        Assert.Equal(
            [(2, "length: 13 characters, more than 4"), (4, "exact_dedup: the same as row 1")],
            (await datasets.BadRowsAsync(id)).Select(row => (row.Line, row.Reason)));
        Assert.Equal(Recipe.Parse(Steps).ToJson(), (await datasets.GetAsync(id)).Latest.Recipe);
    }

    [Fact]
    public async Task The_recipe_of_a_version_makes_it_again_byte_for_byte()
    {
        await using var services = await TestServices.StartAsync();
        var (datasets, recipes) = (services.Get<DatasetService>(), services.Get<DatasetRecipes>());
        var id = await ImportAsync(services, [.. Enumerable.Range(0, 500).Select(i => $"row {i % 300}")]);
        var first = await recipes.ApplyAsync(id, Recipe.Parse("""{"steps":[{"op":"exact_dedup"},{"op":"sample","count":50}]}"""), cancellationToken: TestContext.Current.CancellationToken);
        var bytes = await File.ReadAllBytesAsync(await datasets.RowsPathAsync(id), TestContext.Current.CancellationToken);

        var again = await recipes.ApplyAsync(id, Recipe.Parse(first.Version.Recipe!), first.Version.Parent, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((3, 1, 50), (again.Version.Number, again.Version.Parent, again.Version.Rows));
        Assert.Equal(first.Version.ContentHash, again.Version.ContentHash);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(await datasets.RowsPathAsync(id), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_version_is_checked_by_making_it_again_and_nothing_is_kept_of_it()
    {
        await using var services = await TestServices.StartAsync();
        var recipes = services.Get<DatasetRecipes>();
        var id = await ImportAsync(services, "one", "one", "two");
        var version = (await recipes.ApplyAsync(id, Recipe.Parse(Steps), cancellationToken: TestContext.Current.CancellationToken)).Version;

        Assert.Equal(version.ContentHash, await recipes.ReproduceAsync(id, 2, TestContext.Current.CancellationToken));
        Assert.Equal(2, (await services.Get<DatasetService>().GetAsync(id)).Versions.Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(services.Get<DataFolder>().Temporary));
        Assert.Contains("not made by a recipe", (await Assert.ThrowsAsync<UserInputException>(() => recipes.ReproduceAsync(id, 1))).Message, StringComparison.Ordinal);

        // Rows of the parent that somebody changed on the disk no longer give the version.
        var rows = Directory.GetFiles(Directory.GetDirectories(Path.Combine(services.Root, "datasets", id), "v1-*").Single(), "rows.jsonl").Single();
        var changed = await File.ReadAllTextAsync(rows, TestContext.Current.CancellationToken);
        File.Delete(rows);
        await File.WriteAllTextAsync(rows, changed.Replace("two", "TWO", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.NotEqual(version.ContentHash, await recipes.ReproduceAsync(id, 2, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_job_goes_on_from_the_version_that_is_chosen()
    {
        await using var services = await TestServices.StartAsync();
        var id = await ImportAsync(services, "one", "much too long", "one");
        await services.Get<DatasetRecipes>().ApplyAsync(id, Recipe.Parse(Steps), cancellationToken: TestContext.Current.CancellationToken);
        var jobs = services.Get<RecipeJobs>();
        var ended = new TaskCompletionSource();
        jobs.Ended += _ => ended.TrySetResult();

        var job = await jobs.StartAsync(id, Recipe.Parse("""{"steps":[{"op":"exact_dedup"}]}"""), 1, TestContext.Current.CancellationToken);
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal((3, 1, 2, 3), (job.Result!.Version.Number, job.Result.Version.Parent, job.Result.Version.Rows, job.Total));
        await Assert.ThrowsAsync<UserInputException>(() => jobs.StartAsync(id, Recipe.Parse(Steps), 9, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_preview_tells_what_would_go_and_changes_nothing()
    {
        await using var services = await TestServices.StartAsync();
        var id = await ImportAsync(services, "one", "much too long", "two", "ONE");
        var preview = await services.Get<DatasetRecipes>().PreviewAsync(id, Recipe.Parse(Steps), rows: 3, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((3, 2), (preview.Rows, preview.Kept));
        var gone = Assert.Single(preview.Effects);
        Assert.Equal((2, 0, "13 characters, more than 4"), (gone.Row, gone.Step, gone.Reason));
        Assert.Single((await services.Get<DatasetService>().GetAsync(id)).Versions);
    }

    [Fact]
    public async Task A_recipe_that_nothing_passes_leaves_nothing_behind()
    {
        await using var services = await TestServices.StartAsync();
        var id = await ImportAsync(services, "one");
        var recipes = services.Get<DatasetRecipes>();
        await Assert.ThrowsAsync<UserInputException>(() => recipes.ApplyAsync(id, Recipe.Parse("""{"steps":[{"op":"length","min_chars":100}]}""")));
        await Assert.ThrowsAsync<OperatorException>(() => recipes.ApplyAsync(id, Recipe.Parse("""{"steps":[{"op":"regex","pattern":"("}]}""")));
        await Assert.ThrowsAsync<UserInputException>(() => recipes.ApplyAsync(id, Recipe.Parse(Steps), parent: 7));
        Assert.Single((await services.Get<DatasetService>().GetAsync(id)).Versions);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(services.Root, "tmp")));
    }

    [Fact]
    public async Task The_folder_alone_tells_all_versions_and_their_parents()
    {
        await using var services = await TestServices.StartAsync();
        var id = await ImportAsync(services, "one", "one");
        await services.Get<DatasetRecipes>().ApplyAsync(id, Recipe.Parse("""{"steps":[{"op":"exact_dedup"}]}"""), cancellationToken: TestContext.Current.CancellationToken);
        var described = Assert.Single(services.Get<DatasetStore>().Enumerate());
        Assert.Equal([(1, null), (2, (int?)1)], described.Versions.Select(version => (version.Number, version.Parent)));
    }

    [Fact]
    public async Task A_version_that_a_crash_kept_from_the_catalogue_is_listed_at_the_next_start()
    {
        var root = TestFolder.Create();
        try
        {
            string id;
            await using (var before = await TestServices.StartAsync(root))
            {
                id = await ImportAsync(before, "one", "one");
                await before.Get<DatasetRecipes>().ApplyAsync(id, Recipe.Parse("""{"steps":[{"op":"exact_dedup"}]}"""), cancellationToken: TestContext.Current.CancellationToken);
                await using var context = before.Database();
                Assert.Equal(1, await context.Database.ExecuteSqlRawAsync("DELETE FROM DatasetVersions WHERE Number = 2", TestContext.Current.CancellationToken));
            }

            await using var after = await TestServices.StartAsync(root);
            var version = (await after.Get<DatasetService>().GetAsync(id)).Latest;
            Assert.Equal((2, 1, 1), (version.Number, version.Parent, version.Rows));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<string> ImportAsync(TestServices services, params string[] texts)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => $"{{\"text\":\"{text}\"}}\n"))));
        return (await services.Get<DatasetService>().ImportAsync(stream, "texts.jsonl")).Dataset.Id;
    }
}
