using Workbench.Web.Components.Pages.Templates;

namespace Workbench.Web.Tests.Components.Templates;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("abc", "abc", " a b c")]
    [InlineData("", "ab", "+a+b")]
    [InlineData("ab", "", "-a-b")]
    [InlineData("abc", "axc", " a-b+x c")]
    [InlineData("abcabba", "cbabac", null)] // the paper's example: five differences
    public void The_fewest_lines_change(string left, string right, string? expected)
    {
        var lines = Diff(left, right);
        if (expected is not null)
        {
            Assert.Equal(expected, string.Concat(lines.Select(line => $"{" -+"[(int)line.Change]}{line.Text}")));
        }
        else
        {
            Assert.Equal(5, lines.Count(line => line.Change != LineChange.Same));
        }
    }

    [Fact]
    public void Both_sides_can_be_read_off_and_no_common_line_is_missed()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var (left, right) = (Text(random), Text(random));
            var lines = Diff(left, right);
            Assert.Equal(left, string.Concat(lines.Where(line => line.Left is not null).OrderBy(line => line.Left).Select(line => line.Text)));
            Assert.Equal(right, string.Concat(lines.Where(line => line.Right is not null).OrderBy(line => line.Right).Select(line => line.Text)));
            Assert.Equal(LongestCommon(left, right), lines.Count(line => line.Change == LineChange.Same));
        }
    }

    [Fact]
    public void Texts_that_share_nothing_are_compared_in_bounded_work()
    {
        var lines = LineDiff.Of([.. Enumerable.Range(0, 20_000).Select(i => $"a{i}")], [.. Enumerable.Range(0, 20_000).Select(i => $"b{i}")]);
        Assert.Equal((20_000, 20_000), (lines.Count(line => line.Change == LineChange.Removed), lines.Count(line => line.Change == LineChange.Added)));
    }

    private static IReadOnlyList<DiffLine> Diff(string left, string right) =>
        LineDiff.Of([.. left.Select(letter => letter.ToString())], [.. right.Select(letter => letter.ToString())]);

    private static string Text(Random random) => new([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)('a' + random.Next(3)))]);

    /// <summary>The textbook table, quadratic: the oracle of the fast way.</summary>
    private static int LongestCommon(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                table[i, j] = left[i - 1] == right[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
            }
        }

        return table[left.Length, right.Length];
    }
}
