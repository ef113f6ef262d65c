using System.Text.Json;
using Workbench.Benchmarks.Differential;

namespace Workbench.Tests.Jinja;

/// <summary>
/// Rows of Differential/generate.py, with what Jinja2 made of them: those in which this engine once did something else, and
/// others for breadth. <c>./workbench bench differential</c> makes new ones.
/// </summary>
public class DifferentialTests(ITestOutputHelper output)
{
    [Fact]
    public void Templates_made_at_random_render_or_fail_as_in_Jinja2()
    {
        var lines = File.ReadLines(Path.Combine(Shared.Root, "tests/Workbench.Tests/Jinja/Differential/found.jsonl")).Select(Chat.Json).ToList();
        var rows = new DifferentialRows(lines[0].GetProperty("variables"));
        var differences = lines.Skip(1).Select(row => (row, Actual: rows.Difference(row))).Where(pair => pair.Actual is not null).ToList();
        output.WriteLine($"{lines.Count - 1} rows; {differences.Count} differ");
        Assert.Empty(differences.Select(pair => $"{pair.row}: got {pair.Actual}"));
        Assert.True(lines.Count > 300);
    }
}
