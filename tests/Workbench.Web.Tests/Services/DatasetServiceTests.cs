using System.Security.Cryptography;
using System.Text;
using Workbench.Data.Formats;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class DatasetServiceTests
{
    private static string Chat(int i) =>
        $$"""{"messages": [{"role": "user", "content": "q{{i}}"}, {"role": "assistant", "content": "ä{{i}}"}]}""";

    private static MemoryStream Lines(IEnumerable<string> lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    [Fact]
    public async Task A_broken_line_57_is_named_and_kept_aside_while_the_good_rows_import()
    {
        await using var services = await TestServices.StartAsync();
        var datasets = services.Get<DatasetService>();
        const string broken = """{"messages": [{"role": "user", "content": "q57"}""";
        var lines = Enumerable.Range(1, 100).Select(i => i == 57 ? broken : Chat(i));

        var report = await datasets.ImportAsync(Lines(lines), "chat.jsonl");

        Assert.Equal((99, 1), (report.Rows, report.BadRows));
        var bad = Assert.Single(report.Bad);
        Assert.Equal(57, bad.Line);
        Assert.Contains("not valid JSON", bad.Reason, StringComparison.Ordinal);
        Assert.Equal(broken, bad.Text);
        Assert.Equal([bad], await datasets.BadRowsAsync(report.Dataset.Id));
        Assert.Equal(RowShape.Messages, report.Dataset.Latest.Shape);
        Assert.Equal("chat", report.Dataset.Name);
    }

    [Fact]
    public async Task A_page_holds_the_rows_asked_for_and_the_hash_is_that_of_the_canonical_rows()
    {
        await using var services = await TestServices.StartAsync();
        var datasets = services.Get<DatasetService>();
        var id = (await datasets.ImportAsync(Lines(Enumerable.Range(0, 250).Select(Chat)), "chat.jsonl", "mine")).Dataset.Id;

        var page = await datasets.RowsAsync(id, 200, 100);
        Assert.Equal(50, page.Count);
        Assert.Equal("q200", page[0].GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Empty(await datasets.RowsAsync(id, 250, 10));

        // The canonical form by hand: no spaces, and letters as letters.
        var canonical = string.Concat(Enumerable.Range(0, 250).Select(i =>
            $$"""{"messages":[{"role":"user","content":"q{{i}}"},{"role":"assistant","content":"ä{{i}}"}]}""" + "\n"));
        Assert.Equal(canonical, await File.ReadAllTextAsync(await datasets.RowsPathAsync(id)));
        var dataset = await datasets.GetAsync(id);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))), dataset.Latest.ContentHash);
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing_behind()
    {
        await using var services = await TestServices.StartAsync();
        var datasets = services.Get<DatasetService>();
        using var cancel = new CancellationTokenSource();
        var progress = new CancelAtFirstReport(cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            datasets.ImportAsync(Lines(Enumerable.Range(0, 50_000).Select(Chat)), "chat.jsonl", null, progress, cancellationToken: cancel.Token));

        Assert.Empty(await datasets.ListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(services.Get<DataFolder>().Temporary));
        Assert.Empty(Directory.EnumerateFileSystemEntries(services.Get<DataFolder>().Datasets));
    }

    [Fact]
    public async Task An_import_that_died_between_its_files_and_its_row_is_whole_after_a_restart()
    {
        var root = TestFolder.Create();
        string id;
        await using (var services = await TestServices.StartAsync(root))
        {
            id = (await services.Get<DatasetService>().ImportAsync(Lines([Chat(1)]), "one.jsonl")).Dataset.Id;
            await using var context = services.Database();
            context.Datasets.Remove(await context.Datasets.FindAsync(id) ?? throw new InvalidOperationException());
            await context.SaveChangesAsync(); // as if the process had died before the row was written
            services.Get<DataFolder>().NewTemporaryFolder(); // and another import in the middle of its files
        }

        await using var again = await TestServices.StartAsync(root);
        var dataset = Assert.Single(await again.Get<DatasetService>().ListAsync());
        Assert.Equal(id, dataset.Id);
        Assert.Single(await again.Get<DatasetService>().RowsAsync(id, 0, 10));
        Assert.Empty(Directory.EnumerateFileSystemEntries(again.Get<DataFolder>().Temporary));
    }

    [Fact]
    public async Task A_file_without_a_usable_row_is_refused_with_its_first_line_and_reason()
    {
        await using var services = await TestServices.StartAsync();
        var refused = await Assert.ThrowsAsync<UserInputException>(() =>
            services.Get<DatasetService>().ImportAsync(Lines(["", """[{"a": 1}]"""]), "list.json"));
        Assert.Equal("row 1", refused.Place);
        Assert.Contains("mapping", refused.Remedy, StringComparison.Ordinal);
        Assert.Empty(await services.Get<DatasetService>().ListAsync());
    }

    [Fact]
    public async Task Deleting_removes_files_and_rows()
    {
        await using var services = await TestServices.StartAsync();
        var datasets = services.Get<DatasetService>();
        var id = (await datasets.ImportAsync(Lines([Chat(1)]), "one.jsonl")).Dataset.Id;
        await datasets.DeleteAsync(id);
        Assert.Empty(await datasets.ListAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(services.Get<DataFolder>().Datasets));
        var missing = await Assert.ThrowsAsync<UserInputException>(() => datasets.GetAsync(id));
        Assert.True(missing.NotFound);
    }

    private sealed class CancelAtFirstReport(CancellationTokenSource cancel) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => cancel.Cancel();
    }
}
