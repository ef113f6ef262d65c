using System.IO.Compression;
using System.Text;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;
using ZstdSharp;

namespace Workbench.Tests.Data.Formats;

public sealed class DataFileTests
{
    [Theory]
    [InlineData("a.json", """[{"text":"a"}, {"text":"b]}\""} ,3]""", new[] { """1 {"text":"a"}""", """2 {"text":"b]}\""}""", "3 3" })]
    [InlineData("a.json", "{\n  \"text\": \"a\"\n}\n{\n \"text\": \"b\"}", new[] { "1 {\n  \"text\": \"a\"\n}", "2 {\n \"text\": \"b\"}" })]
    [InlineData("a.json", """{"data": [{"text":"a"}], "version": 1}""", new[] { """1 {"text":"a"}""" })]
    [InlineData("a.json", "[]", new string[0])]
    [InlineData("a.json", """[{"text":"a"},{"text":""", new[] { """1 {"text":"a"}""", "2 the file ends within this row" })]
    [InlineData("a.json", """[{"text":"a"}""", new[] { """1 {"text":"a"}""", "2 the file ends before its list is closed" })]
    [InlineData("a.csv", "text,n\na,1\n\"b,\"\"c\"\"\nd\",2\n", new[] { """2 {"text":"a","n":"1"}""", """4 {"text":"b,\"c\"\nd","n":"2"}""" })]
    [InlineData("a.csv", "prompt;completion;label\nx,y;z;True\n", new[] { """2 {"prompt":"x,y","completion":"z","label":true}""" })]
    [InlineData("a.tsv", "\uFEFFtext\tmessages\na\t[{\"\"role\"\":1}]\n", new[] { """2 {"text":"a","messages":"[{\"\"role\"\":1}]"}""" })]
    [InlineData("a.csv", "messages\n\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"a\"\"}]\"\n", new[] { """2 {"messages":[{"role":"user","content":"a"}]}""" })]
    [InlineData("a.csv", "a,b\n1,2\n1\n1,2,3\n3,4\n", new[] { """2 {"a":"1","b":"2"}""", "3 the record has 1 fields, the header 2", "4 the record has 3 fields, the header 2", """5 {"a":"3","b":"4"}""" })]
    public async Task Rows_are_cut_out_of_the_file_and_numbered(string name, string text, string[] expected)
    {
        foreach (var chunk in new[] { 1, 7, 100_000 })
        {
            using var stream = new Chunks(Encoding.UTF8.GetBytes(text), chunk);
            var rows = await ReadAsync(stream, name);
            Assert.Equal(expected.Length, rows.Count);
            Assert.All(rows.Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Gzip_and_zstandard_are_known_by_their_bytes()
    {
        var text = "{\"text\":\"é\"}\n"u8.ToArray();
        using var gzip = new MemoryStream();
        using (var packer = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(text);
        }

        using var compressor = new Compressor();
        foreach (var packed in new[] { gzip.ToArray(), compressor.Wrap(text).ToArray() })
        {
            using var stream = new MemoryStream(packed);
            Assert.Equal(["1 {\"text\":\"é\"}"], await ReadAsync(stream, "unnamed"));
        }
    }

    [Fact]
    public async Task A_gzip_file_that_is_cut_off_is_not_taken_for_whole()
    {
        using var gzip = new MemoryStream();
        using (var packer = new GZipStream(gzip, CompressionLevel.NoCompression, leaveOpen: true))
        {
            packer.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\":\"a\"}\n", 20_000))));
        }

        using var stream = new MemoryStream(gzip.ToArray()[..^5000]);
        var exception = await Assert.ThrowsAsync<DataFileException>(() => ReadAsync(stream, "a.jsonl.gz"));
        Assert.Contains("cut off", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zip_bomb_is_refused_before_it_takes_the_disk()
    {
        using var gzip = new MemoryStream();
        using (var packer = new GZipStream(gzip, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var line = Encoding.UTF8.GetBytes("{\"text\":\"" + new string('a', 1_000_000) + "\"}\n");
            for (var i = 0; i < 200; i++)
            {
                packer.Write(line);
            }
        }

        gzip.Position = 0;
        var exception = await Assert.ThrowsAsync<DataFileException>(() => ReadAsync(gzip, "bomb.jsonl.gz"));
        Assert.Contains("unpacks to more than", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x7B, 0x00 }, "UTF-16")]
    [InlineData(new byte[] { 0x50, 0x4B, 0x03, 0x04, 0x14 }, "zip")]
    [InlineData(new byte[] { 0x7F, 0x45, 0x4C, 0x46, 0x00 }, "binary")]
    public async Task A_file_that_holds_no_rows_is_named_for_what_it_is(byte[] bytes, string expected)
    {
        using var stream = new MemoryStream(bytes);
        Assert.Contains(expected, (await Assert.ThrowsAsync<DataFileException>(() => ReadAsync(stream, "a"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,a\n1,2\n", "twice")]
    [InlineData("a,\n1,2\n", "Column 2")]
    public async Task A_csv_header_that_cannot_name_columns_is_refused(string text, string expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        Assert.Contains(expected, (await Assert.ThrowsAsync<DataFileException>(() => ReadAsync(stream, "a.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_takes_bounded_memory()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("a,b\n1,2\n\"" + new string('x', 5_000_000)));
        var rows = await ReadAsync(stream, "a.csv", 100_000);
        Assert.Equal(2, rows.Count);
        Assert.Contains("a quote is probably not closed", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_utf8_spoils_only_its_own_record()
    {
        byte[] text = [.. "a,b\n1,"u8, 0xFF, .. "\n3,4\n"u8];
        using var csv = new MemoryStream(text);
        var rows = await ReadAsync(csv, "a.csv");
        Assert.Contains("UTF-8", rows[0], StringComparison.Ordinal);
        Assert.Equal("""3 {"a":"3","b":"4"}""", rows[1]);
    }

    [Fact]
    public async Task A_row_of_a_list_over_the_limit_is_reported_and_the_next_one_is_whole()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""[{"text":"{{new string('x', 300_000)}}"},{"text":"b"}]"""));
        var rows = await ReadAsync(stream, "a.json", 100_000);
        Assert.StartsWith("1 too long {\"text\":\"xxx", rows[0], StringComparison.Ordinal);
        Assert.Equal("""2 {"text":"b"}""", rows[1]);
    }

    [Fact]
    public async Task A_list_nested_ten_thousand_deep_is_a_bad_row_like_any_other()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-");
        try
        {
            var deep = new string('[', 10_000) + new string(']', 10_000);
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""[{"text":"a","x":{{deep}}},{"text":"b","text":"c"},{"text":"d"}]"""));
            var result = await RowImport.RunAsync(stream, folder.FullName, new ImportOptions { FileName = "a.json" });
            Assert.Equal((1, 2), (result.Rows, result.BadRows));
            Assert.Equal([1, 2], result.Bad.Select(bad => bad.Line));
            Assert.Contains("depth", result.Bad[0].Reason, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("text", result.Bad[1].Reason, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_file_removed_while_it_is_read_is_read_to_its_end_or_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an open file cannot be removed there");
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("{\"text\":\"a\"}\n", 100_000)));
        await using var stream = File.OpenRead(path);
        var rows = 0;
        await foreach (var row in DataFile.ReadAsync(stream, "a.jsonl", cancellationToken: TestContext.Current.CancellationToken))
        {
            if (rows++ == 0)
            {
                File.Delete(path);
            }
        }

        Assert.Equal(100_000, rows);
    }

    private static async Task<List<string>> ReadAsync(Stream stream, string name, int maxRowBytes = 1 << 24)
    {
        var rows = new List<string>();
        await foreach (var row in DataFile.ReadAsync(stream, name, maxRowBytes))
        {
            rows.Add($"{row.Number} {(row.TooLong ? "too long " : "")}{row.Problem ?? Encoding.UTF8.GetString(row.Bytes.Span)}");
        }

        return rows;
    }

    private sealed class Chunks(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(size, count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
