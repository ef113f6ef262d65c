using Workbench.Data.Formats;
using Workbench.Web.Services.Rows;

namespace Workbench.Web.Tests.Services.Rows;

/// <summary>Search and figures of rows, against what a reader counts.</summary>
public sealed class RowIndexTests : IDisposable
{
    private static readonly string[] Lines =
    [
        """{"messages":[{"role":"user","content":"How does machine learning work?"},{"role":"assistant","content":"By examples."}]}""",
        """{"messages":[{"role":"user","content":"机器学习是什么？"},{"role":"assistant","content":"从例子中学习。"}]}""",
        """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Learning a machine?"},{"role":"assistant","content":" "}]}""",
        """{"messages":[{"role":"user","content":"How does machine learning work?"},{"role":"assistant","content":"By examples."}]}""",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-index-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RowIndex Build()
    {
        var index = new RowIndex(Path.Combine(_folder, "rows.db"));
        index.Build(Lines.Select(line => RowParser.Parse(System.Text.Encoding.UTF8.GetBytes(line))), _ => { }, TestContext.Current.CancellationToken);
        return index;
    }

    [Theory]
    [InlineData("machine", new[] { 0, 2, 3 })]
    [InlineData("MACH", new[] { 0, 2, 3 })] // by its beginning, in any case
    [InlineData("learning machine", new[] { 0, 2, 3 })]
    [InlineData("\"machine learning\"", new[] { 0, 3 })]
    [InlineData("机器", new[] { 1 })]
    [InlineData("器学习", new[] { 1 })]
    [InlineData("器习", new int[0])] // both are there, not side by side
    [InlineData("学", new[] { 1 })]
    [InlineData("机器 learning", new int[0])]
    [InlineData("brief OR examples", new int[0])] // words, no operators
    [InlineData("\"unclosed machine", new int[0])]
    [InlineData("*", new[] { 0, 1, 2, 3 })] // nothing to look for
    public void Words_are_found(string typed, int[] rows)
    {
        var found = Build().Find(new RowQuery(typed), 0, 10);
        Assert.Equal(rows, found.Rows);
        Assert.Equal(rows.Length, found.Total);
    }

    [Fact]
    public void Figures_languages_and_marks_lead_to_their_rows()
    {
        var index = Build();
        IReadOnlyList<int> Rows(RowQuery query) => index.Find(query, 0, 10).Rows;
        Assert.Equal([3], Rows(new RowQuery(Duplicates: true)));
        Assert.Equal([2], Rows(new RowQuery(EmptyAnswers: true)));
        Assert.Equal([2], Rows(new RowQuery(Figure: "turns", From: 3, To: 4)));
        Assert.Equal([2], Rows(new RowQuery(Role: "system")));
        Assert.Equal([1], Rows(new RowQuery(Language: "zh")));
        Assert.Equal([0, 3], Rows(new RowQuery("work", Figure: "chars", From: 44, To: 45))); // 31 + a line break + 12
        Assert.Empty(Rows(new RowQuery(Label: true)));
        var page = index.Find(new RowQuery("machine"), 1, 1);
        Assert.Equal((3, 2), (page.Total, Assert.Single(page.Rows)));
    }

    [Fact]
    public void Statistics_come_with_it()
    {
        var statistics = Build().Statistics();
        Assert.Equal((4, 1, 1), (statistics.Rows, statistics.ExactDuplicates, statistics.EmptyAnswers));
        Assert.Equal(3, statistics.Turns!.Max);
        Assert.Equal(4, statistics.Roles["assistant"]);
    }

    [Fact]
    public void A_build_that_is_stopped_leaves_nothing()
    {
        var index = new RowIndex(Path.Combine(_folder, "rows.db"));
        using var stop = new CancellationTokenSource();
        IEnumerable<Row> Endless()
        {
            for (var i = 0; ; i++)
            {
                if (i == 2000)
                {
                    stop.Cancel();
                }

                yield return RowParser.Parse(System.Text.Encoding.UTF8.GetBytes(Lines[i % 4]));
            }
        }

        Assert.ThrowsAny<OperationCanceledException>(() => index.Build(Endless(), _ => { }, stop.Token));
        Assert.False(index.Exists);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }
}
