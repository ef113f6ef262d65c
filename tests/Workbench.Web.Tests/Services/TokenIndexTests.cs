using System.Text;
using Workbench.Learning.Evaluation;
using Workbench.Web.Components.Pages.Datasets;
using Workbench.Web.Services;
using Workbench.Web.Services.Rows;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class TokenIndexTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_row_is_counted_once_and_each_figure_leads_to_its_rows()
    {
        await using var services = await TestServices.StartAsync();
        var model = await services.Get<ModelService>().AddFolderAsync(Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model"), "small", Cancel);
        string[] texts = [.. Enumerable.Range(0, 1100).Select(i => string.Join(' ', Enumerable.Repeat("cat", 1 + (i % 40)))), "one <s> too many", "two </s> and </s>"];
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => $"{{\"text\":\"{text}\"}}\n"))));
        var version = (await services.Get<DatasetService>().ImportAsync(stream, "texts.jsonl", cancellationToken: Cancel)).Dataset.Latest;
        var indexes = services.Get<TokenIndexes>();

        var count = indexes.Begin(version, model);
        await Until(() => count.Ended);
        Assert.Null(count.Failure);
        Assert.Equal(1102, count.Done);

        // The oracle is the counter itself, row by row.
        var counter = RowTokenCounter.Load(model.TokenizerPath);
        var expected = CanonicalRows.Read(services.Get<DatasetStore>().Open(version).RowsPath, Cancel).Select(item => counter.Count(item.Row)).ToList();
        var (index, statistics) = (indexes.Of(version, model), indexes.Of(version, model).Statistics());
        Assert.Equal((1102, expected.Sum(row => (long)row.Tokens), expected.Sum(row => (long)row.Trained), 2, 0), (statistics.Rows, statistics.Tokens, statistics.Trained, statistics.WithSpecials, statistics.Unreadable));
        Assert.Equal(1102, statistics.Lengths!.Histogram.Sum(bar => bar.Count));
        Assert.Equal(new Truncation(expected.Count(row => row.Tokens > 20), expected.Sum(row => Math.Max(0L, row.Tokens - 20))), index.Truncated(20));

        var rows = services.Get<RowIndexes>();
        await Until(() => rows.Of(version) is not null);
        RowMatches Find(string figure, int from, int to) => rows.Of(version)!.Find(new RowQuery(Figure: figure, From: from, To: to, Model: model.Id), 0, 2000, index);
        Assert.Equal([1100, 1101], Find("special_tokens", 1, int.MaxValue).Rows);
        Assert.Equal(expected.Index().Where(row => row.Item.Tokens is >= 10 and < 20).Select(row => row.Index), Find("tokens", 10, 20).Rows);

        // What was derived goes with the dataset.
        await services.Get<DatasetService>().DeleteAsync(version.DatasetId, Cancel);
        Assert.Empty(services.Get<DataFolder>().DerivedOf(version.ContentHash));
    }

    [Fact]
    public void A_query_by_tokens_survives_its_address()
    {
        var query = new RowQuery(Figure: "tokens", From: 5, To: 9, Model: "abc");
        Assert.Equal(query, RowQueryLink.Of("http://x" + RowQueryLink.To("id", query)));
        Assert.Equal(new RowQuery(), RowQueryLink.Of("http://x/datasets/id?figure=tokens&from=5"));
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, Cancel);
        }
    }
}
