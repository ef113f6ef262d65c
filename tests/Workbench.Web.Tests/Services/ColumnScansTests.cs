using System.Text;
using Workbench.Web.Components.Pages.Datasets;
using Workbench.Web.Services;
using Workbench.Web.Services.Rows;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class ColumnScansTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_found_by_conditions_on_columns_however_long_they_are()
    {
        await using var services = await TestServices.StartAsync();
        var lines = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            // Every thousandth row is longer than a block that is read at once.
            lines.Append($$"""{"text":"{{new string('x', i % 1000 == 999 ? 9 << 20 : i % 300)}}","score":{{i % 10}},"source":"{{(i % 3 == 0 ? "wiki" : "web")}}"}""").Append('\n');
        }

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()));
        var version = (await services.Get<DatasetService>().ImportAsync(stream, "rows.jsonl", cancellationToken: Cancel)).Dataset.Latest;
        var scans = services.Get<ColumnScans>();
        var told = new List<int>();
        var found = await scans.FindAsync(version, "score>7\nsource=wiki", told.Add, Cancel);
        Assert.Equal(Enumerable.Range(0, 3000).Where(i => i % 10 > 7 && i % 3 == 0), found);
        Assert.Equal(3000, told[^1]);
        Assert.Equal([2999], (await scans.FindAsync(version, "score=9\ntext~xxx", told.Add, Cancel)).Where(row => row % 1000 == 999 && row > 2000));

        // What is known is not read again.
        told.Clear();
        Assert.Same(found, await scans.FindAsync(version, "score>7\nsource=wiki", told.Add, Cancel));
        Assert.Empty(told);
        Assert.Contains("no number", (await Assert.ThrowsAsync<UserInputException>(() => scans.FindAsync(version, "score>x", told.Add, Cancel))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scans.FindAsync(version, "text~zzz", _ => { }, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Conditions_survive_their_address()
    {
        var query = new RowQuery(Search: "a b", Where: "meta.source=a&b=c\n!none");
        Assert.Equal(query, RowQueryLink.Of("http://x" + RowQueryLink.To("id", query)));
    }
}
