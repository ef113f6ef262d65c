using System.Text;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Shapes;
using Workbench.Web.Components.Shared;
using Workbench.Web.Services;
using Workbench.Web.Services.Import;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services.Import;

/// <summary>Files looked at, mapped and repaired.</summary>
public sealed class ImportTests
{
    private const string Unknown = """
        {"ask":{"text":"two and two?"},"reply":"4","source":"school"}
        {"ask":{"text":"three and three?"},"reply":"6","source":"school"}
        """;

    private static Task<ImportLook> LookAsync(string text, ColumnMapping? mapping = null, string name = "rows.jsonl") =>
        ImportLook.OfAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), name, mapping, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_known_form_is_named_and_its_rows_are_shown_as_they_would_be()
    {
        var look = await LookAsync("""
            {"conversations":[{"from":"human","value":"Hello"},{"from":"gpt","value":"Hi"}]}
            {"conversations":[{"from":"human"
            """);
        Assert.Equal(("sharegpt", 1, 2), (look.Form, look.Good, look.Rows.Count));
        Assert.Equal("Hi", look.Rows[0].Row!.Json.GetProperty("messages")[1].GetProperty("content").GetString());
        Assert.Contains("not valid JSON", look.Rows[1].Reason, StringComparison.Ordinal);
        Assert.Contains("conversations", look.FormColumns, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_form_names_its_columns_and_a_mapping_makes_rows_of_it()
    {
        var look = await LookAsync(Unknown);
        Assert.Equal((null, 0), (look.Form, look.Good));
        Assert.Equal(["ask.text", "reply", "source"], look.Columns);

        var mapping = new ColumnMapping { Prompt = "ask.text", Completion = "reply", Keep = ["source"] };
        look = await LookAsync(Unknown, mapping);
        Assert.Equal(2, look.Good);
        Assert.Contains("two and two?", look.Rows[0].Row!.Json.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("school", look.Rows[0].Row!.Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_and_one_that_is_none_are_refused_by_name()
    {
        Assert.Contains("rows.jsonl", (await Assert.ThrowsAsync<UserInputException>(() => LookAsync(" \n"))).Message, StringComparison.Ordinal);
        Assert.Equal("x.parquet", (await Assert.ThrowsAsync<UserInputException>(() => LookAsync("PAR1 and no more", name: "x.parquet"))).Place);
    }

    [Fact]
    public async Task A_mapping_is_found_again_and_a_damaged_file_of_them_is_named()
    {
        var root = TestFolder.Create();
        var mapping = new ColumnMapping { Prompt = "ask.text", Completion = "reply" };
        new MappingStore(new DataFolder(root)).Save(" school ", mapping);
        var store = new MappingStore(new DataFolder(root));
        Assert.Equal(mapping.ToJson(), Assert.Single(store.All(), pair => pair.Key == "school").Value.ToJson());
        Assert.Throws<UserInputException>(() => store.Save(" ", mapping));
        store.Delete("school");
        Assert.Empty(store.All());
        await File.WriteAllTextAsync(Path.Combine(root, "mappings.json"), "{", TestContext.Current.CancellationToken);
        Assert.EndsWith("mappings.json", Assert.Throws<UserInputException>(store.All).Place, StringComparison.Ordinal);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_corrected_line_joins_the_rows_and_the_others_stay_aside()
    {
        await using var services = await TestServices.StartAsync();
        var datasets = services.Get<DatasetService>();
        var source = "{\"text\":\"one\"}\n{\"text\":\n{\"text\":\"three\"}\n{\"prompt\":1}\n";
        var first = (await datasets.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(source)), "rows.jsonl", cancellationToken: TestContext.Current.CancellationToken)).Dataset.Latest;
        Assert.Equal((2, 2), (first.Rows, first.BadRows));
        var repair = services.Get<RowRepair>();

        var refused = await Assert.ThrowsAsync<UserInputException>(() => repair.MakeAsync(
            first.DatasetId, new Dictionary<int, string> { [0] = """{"prompt":"a","completion":"b"}""" }, TestContext.Current.CancellationToken));
        Assert.Equal("line 2", refused.Place);
        Assert.Contains(RowShape.PromptCompletion.Word(), refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UserInputException>(() => repair.MakeAsync(first.DatasetId, new Dictionary<int, string> { [2] = """{"text":"x"}""" }, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<UserInputException>(() => repair.MakeAsync(first.DatasetId, new Dictionary<int, string>(), TestContext.Current.CancellationToken));
        Assert.Single((await datasets.GetAsync(first.DatasetId)).Versions);

        var made = await repair.MakeAsync(first.DatasetId, new Dictionary<int, string> { [0] = """{"text":"two"}""" }, TestContext.Current.CancellationToken);

        Assert.Equal((2, 3, 1, 1, "1 line repaired by hand"), (made.Number, made.Rows, made.BadRows, made.Parent, made.Source));
        Assert.Equal(["one", "three", "two"], (await datasets.RowsAsync(first.DatasetId, 0, 10)).Select(row => row.GetProperty("text").GetString()));
        Assert.Equal([4], (await datasets.BadRowsAsync(first.DatasetId)).Select(row => row.Line));
    }
}
