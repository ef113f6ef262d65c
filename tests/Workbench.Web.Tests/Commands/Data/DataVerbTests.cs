using System.Text.Json;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Commands.Data;

/// <summary><c>workbench data</c>: rows in, rows out.</summary>
public sealed class DataVerbTests : IDisposable
{
    private const string A = """{"instruction":"Say a.","output":"a"}""";
    private const string B = """{"instruction":"Say b.","output":"b"}""";
    private const string CanonicalA = """{"messages":[{"role":"user","content":"Say a."},{"role":"assistant","content":"a"}]}""";

    private readonly string folder = TestFolder.Create();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Import_writes_canonical_rows_and_reports_a_bad_one_in_its_place()
    {
        var run = await VerbRun.OfAsync(["data", "import"], A, "{\"instruction\":", B);
        Assert.Equal((1, 3), (run.Code, run.Lines.Count));
        Assert.Equal(CanonicalA, run.Lines[0]);
        var error = run[1].GetProperty("error");
        Assert.Equal(("invalid_row", 2), (error.GetProperty("type").GetString(), error.GetProperty("lineno").GetInt32()));
        Assert.Contains("ends too early", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_of_nothing_usable_leaves_no_file()
    {
        var output = Path.Combine(folder, "rows.jsonl");
        await File.WriteAllTextAsync(output, "what was there\n", TestContext.Current.CancellationToken);
        var run = await VerbRun.OfAsync(["data", "import", "--output", output], """{"foo":1}""");
        Assert.Equal(2, run.Code);
        Assert.Contains("--mapping", run.Complaints, StringComparison.Ordinal);
        Assert.Equal("what was there\n", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal([output], Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_recipe_that_was_saved_makes_the_same_version_again()
    {
        var source = Shared.Require("assets/datasets/llamafactory_alpaca_en_demo.json");
        string Path(string name) => System.IO.Path.Combine(folder, name);

        var first = await VerbRun.OfAsync(
            [
                "data", "filter", "--input", source, "--output", Path("one.jsonl"), "--removed", Path("removed.jsonl"), "--save-recipe", Path("recipe.json"),
                "--step", """{"op":"length","max_chars":900}""", "--step", """{"op":"near_dedup"}""", "--step", """{"op":"sample","count":200,"seed":3}""",
            ]);
        var again = await VerbRun.OfAsync(["data", "filter", "--input", source, "--output", Path("two.jsonl"), "--recipe", Path("recipe.json")]);

        Assert.Equal((0, 0), (first.Code, again.Code));
        Assert.Equal(200, first[0].GetProperty("rows").GetInt32());
        Assert.Equal(first[0].GetProperty("content_hash").GetString(), again[0].GetProperty("content_hash").GetString());
        Assert.Equal(await File.ReadAllBytesAsync(Path("one.jsonl"), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Path("two.jsonl"), TestContext.Current.CancellationToken));
        Assert.Equal(999 - 200, (await File.ReadAllLinesAsync(Path("removed.jsonl"), TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Dedup_keeps_the_first_and_says_which_it_was()
    {
        var removed = Path.Combine(folder, "removed.jsonl");
        var run = await VerbRun.OfAsync(["data", "dedup", "--exact", "--removed", removed], A, B, A);
        Assert.Equal((0, 2), (run.Code, run.Lines.Count));
        var reason = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(removed, TestContext.Current.CancellationToken));
        Assert.Equal((3, "the same as row 1"), (reason.GetProperty("lineno").GetInt32(), reason.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Split_writes_three_files_that_stay_what_they_are_when_rows_are_added()
    {
        string[] rows = [.. Enumerable.Range(0, 300).Select(i => $$"""{"prompt":"{{i}}","completion":"c"}""")];
        var before = await Parts("before", rows[..200]);
        var after = await Parts("after", rows);
        foreach (var part in new[] { "train", "validation", "test" })
        {
            Assert.NotEmpty(before[part]);
            Assert.Superset(before[part], after[part]);
        }

        Assert.Equal(300, after.Values.Sum(part => part.Count));

        async Task<Dictionary<string, HashSet<string>>> Parts(string name, string[] input)
        {
            var target = Path.Combine(folder, name);
            Assert.Equal(0, (await VerbRun.OfAsync(["data", "split", "--validation", "0.2", "--test", "0.2", "--output", target], input)).Code);
            return Directory.GetFiles(target).ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => File.ReadAllLines(file).ToHashSet());
        }
    }

    [Fact]
    public async Task Stats_count_what_is_there()
    {
        var run = await VerbRun.OfAsync(["data", "stats"], A, B, A);
        Assert.Equal((3, 1), (run[0].GetProperty("rows").GetInt32(), run[0].GetProperty("exact_duplicates").GetInt32()));
        Assert.Equal(3, run[0].GetProperty("roles").GetProperty("assistant").GetInt32());
    }

    [Fact]
    public async Task Export_writes_Parquet_and_a_card_and_Parquet_comes_back()
    {
        Assert.SkipUnless(Workbench.Data.DuckDb.DuckDbLibrary.IsAvailable, "libduckdb.so is not there; ./workbench fetches it");
        var (parquet, card) = (Path.Combine(folder, "rows.parquet"), Path.Combine(folder, "README.md"));
        var export = await VerbRun.OfAsync(["data", "export", "--output", parquet, "--card", card, "--license", "mit"], A, B);
        Assert.Equal(0, export.Code);
        Assert.Contains("license: \"mit\"", await File.ReadAllTextAsync(card, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var import = await VerbRun.OfAsync(["data", "import", "--input", parquet]);
        Assert.Equal([CanonicalA, CanonicalA.Replace("a\"}]", "b\"}]", StringComparison.Ordinal).Replace("Say a", "Say b", StringComparison.Ordinal)], import.Lines);
    }

    [Fact]
    public async Task Convert_refuses_what_the_shape_cannot_hold_and_goes_on()
    {
        var run = await VerbRun.OfAsync(["data", "convert", "--to", "alpaca"], """{"prompt":"p","chosen":"c","rejected":"r"}""", B);
        Assert.Equal(1, run.Code);
        Assert.Equal(1, run[0].GetProperty("error").GetProperty("lineno").GetInt32());
        Assert.Equal("""{"instruction":"Say b.","input":"","output":"b"}""", run.Lines[1]);
    }

    [Theory]
    [InlineData("filter", "there is nothing to do")]
    [InlineData("filter --step {\"op\":\"nope\"}", "near_dedup")]
    [InlineData("filter --step {\"op\":\"regex\",\"pattern\":\"(\"}", "regex: the pattern (")]
    [InlineData("sample", "--count N")]
    [InlineData("import --input /no/such/file", "/no/such/file")]
    [InlineData("convert --to nope", "nope")]
    [InlineData("split --test 2", "split:")]
    [InlineData("score", "--rewards")]
    [InlineData("score --rewards {\"rewards\":[{\"reward\":\"nope\"}]}", "numeric")]
    [InlineData("pairs --margin 0", "margin")]
    [InlineData("best-of --keep 0", "--keep")]
    public async Task Wrong_usage_is_told_with_its_remedy(string line, string said)
    {
        var run = await VerbRun.OfAsync(["data", .. line.Split(' ')], A);
        Assert.Equal(2, run.Code);
        Assert.Contains(said, run.Complaints, StringComparison.Ordinal);
        Assert.Empty(run.Lines);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("convert")]
    [InlineData("filter")]
    [InlineData("dedup")]
    [InlineData("sample")]
    [InlineData("score")]
    [InlineData("best-of")]
    [InlineData("pairs")]
    [InlineData("split")]
    [InlineData("stats")]
    [InlineData("export")]
    public async Task Every_operation_has_help(string operation) => Assert.Equal(0, (await VerbRun.OfAsync(["data", operation, "--help"])).Code);
}
