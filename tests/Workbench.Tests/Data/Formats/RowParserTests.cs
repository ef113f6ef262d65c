using System.Text;
using Workbench.Data.Formats;

namespace Workbench.Tests.Data.Formats;

public sealed class RowParserTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", RowShape.Messages)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"a"}]}],"tools":[]}""", RowShape.Messages)]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[]}]}""", RowShape.Messages)]
    [InlineData("""{"messages":[{"role":"assistant","content":null,"tool_calls":[]}]}""", RowShape.Messages)]
    [InlineData("""{"prompt":"a","completion":"b"}""", RowShape.PromptCompletion)]
    [InlineData("""{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}""", RowShape.PromptCompletion)]
    [InlineData("""{"input_ids":[1,2],"labels":[-100,2]}""", RowShape.Tokenized)]
    [InlineData("""{"input_ids":[1,2]}""", RowShape.Tokenized)]
    [InlineData("""{"text":""}""", RowShape.Text)]
    public void A_row_is_known_by_its_keys(string line, RowShape shape) => Assert.Equal(shape, Parse(line).Shape);

    [Theory]
    [InlineData("[1]", "a list")]
    [InlineData("{}", "no keys")]
    [InlineData("""{"title":"a","body":"b"}""", "title, body")]
    [InlineData("""{"messages":{}}""", "messages must be a list")]
    [InlineData("""{"messages":[]}""", "messages is empty")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},"b"]}""", "messages[1]")]
    [InlineData("""{"messages":[{"content":"a"}]}""", "messages[0] has no role")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0] has neither content nor tool_calls")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"prompt":"a","completion":7}""", "completion must be a list of messages")]
    [InlineData("""{"input_ids":[]}""", "input_ids is empty")]
    [InlineData("""{"input_ids":[1,-1]}""", "input_ids[1]")]
    [InlineData("""{"input_ids":[1,1.5]}""", "input_ids[1]")]
    [InlineData("""{"input_ids":[1,2],"labels":[1]}""", "labels has 1")]
    [InlineData("""{"text":null}""", "text must be a string")]
    [InlineData("""{"text":"a","text":"b"}""", "not valid JSON")]
    [InlineData("""{"text":"a" """, "ends too early")]
    [InlineData("""{"text" "a"}""", "column 9")]
    public void What_is_wrong_is_named_with_its_place(string line, string expected) =>
        Assert.Contains(expected, Assert.Throws<RowFormatException>(() => Parse(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_nesting_of_a_hundred_thousand_brackets_is_refused()
    {
        var line = $$"""{"messages":[{"role":"user","content":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}]}""";
        Assert.Throws<RowFormatException>(() => Parse(line));
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_refused() =>
        Assert.Contains("UTF-8", Assert.Throws<RowFormatException>(() => RowParser.Parse(new byte[] { 0x22, 0xFF, 0x22 })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Half_a_surrogate_pair_is_kept_aside()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-");
        try
        {
            using var source = new MemoryStream(Encoding.UTF8.GetBytes("{\"text\":\"\\ud800\"}\n{\"text\":\"\\ud83d\\ude00 \\u00e9\"}\n"));
            var result = await RowImport.RunAsync(source, folder.FullName);
            Assert.Equal((1, 1), (result.Rows, result.BadRows));
            Assert.Contains("surrogate", result.Bad[0].Reason, StringComparison.Ordinal);
            var row = Assert.Single(await new RowFileReader(folder.FullName).ReadAsync(0, 10));
            Assert.Equal("\U0001F600 é", row.GetProperty("text").GetString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Rows_of_another_shape_than_the_first_are_kept_aside()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-");
        try
        {
            using var source = new MemoryStream("{\"text\":\"a\"}\n{\"prompt\":\"a\",\"completion\":\"b\"}\n"u8.ToArray());
            var result = await RowImport.RunAsync(source, folder.FullName);
            Assert.Equal(RowShape.Text, result.Shape);
            Assert.Equal(2, Assert.Single(result.Bad).Line);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_damaged_index_is_noticed()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-");
        try
        {
            using var source = new MemoryStream("{\"text\":\"a\"}\n{\"text\":\"b\"}\n"u8.ToArray());
            await RowImport.RunAsync(source, folder.FullName);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "rows.idx"), new byte[24]);
            await Assert.ThrowsAsync<InvalidDataException>(() => new RowFileReader(folder.FullName).ReadAsync(0, 2));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Row Parse(string line) => RowParser.Parse(Encoding.UTF8.GetBytes(line));
}
