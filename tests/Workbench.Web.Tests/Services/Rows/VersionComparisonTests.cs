using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services;
using Workbench.Web.Services.Rows;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Rows;

public sealed class VersionComparisonTests
{
    private static async Task<DatasetVersion> ImportAsync(TestServices services, params string[] rows)
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', rows)));
        return (await services.Get<DatasetService>().ImportAsync(file, "rows.jsonl", cancellationToken: TestContext.Current.CancellationToken)).Dataset.Latest;
    }

    private static string Row(string prompt, string completion) => $$"""{"prompt":"{{prompt}}","completion":"{{completion}}"}""";

    [Fact]
    public async Task Rows_are_the_same_changed_removed_or_added_whatever_their_order()
    {
        await using var services = await TestServices.StartAsync();
        var before = await ImportAsync(services, Row("a", "1"), Row("a", "1"), Row("b", "2"), Row("c", "3"), Row("d", "4"));
        var after = await ImportAsync(services, Row("d", "4"), Row("b", "two"), Row("e", "5"), Row("a", "1"));

        var difference = services.Get<VersionComparison>().Compare(before, after, TestContext.Current.CancellationToken);

        // By hand: d and one a are kept, b says something else, the second a and c are gone, e is new.
        Assert.Equal((2, 1, 2, 1), (difference.Same, difference.Added, difference.Removed, difference.Changed));
        Assert.Equal(
            [(2, "2", "two"), (1, "1", null), (4, "3", null), (3, null, "5")],
            difference.Examples.Select(row => (row.Number, row.Before?.GetProperty("completion").GetString(), row.After?.GetProperty("completion").GetString())));
    }
}
