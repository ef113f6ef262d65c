using System.Text;
using System.Text.Json;
using Workbench.Data.DuckDb;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Files;
using Workbench.Testing;

namespace Workbench.Tests.Data;

public sealed class ParquetTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("workbench-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Rows_come_back_as_they_went_and_texts_stay_texts()
    {
        string[] rows =
        [
            """{"messages":[{"role":"user","content":"2024-01-01"},{"role":"assistant","content":"ü 😀","tool_calls":[{"n":1}]}],"n":1,"x":0.5,"ok":true,"tag":"007"}""",
            """{"messages":[{"role":"user","content":"b"}],"n":-9007199254740993,"ok":false,"tag":"12:30:00","any":[1,"a"]}""",
        ];
        Assert.Equal(rows.Select(WithoutNulls), (await RoundTripAsync(rows)).Select(WithoutNulls));
    }

    [Theory]
    [InlineData("llamafactory_glaive_toolcall_en_demo.json")]
    [InlineData("llamafactory_dpo_zh_demo.json")]
    public async Task A_real_dataset_survives_parquet(string name)
    {
        var rows = new List<string>();
        await using (var file = File.OpenRead(Shared.Require("assets/datasets/" + name)))
        {
            await foreach (var line in DataFile.ReadAsync(file, name))
            {
                rows.Add(Canonical(RowParser.Parse(line.Bytes).Json));
            }
        }

        Assert.Equal(rows.Select(WithoutNulls), (await RoundTripAsync([.. rows])).Select(WithoutNulls));
    }

    [Fact]
    public async Task A_damaged_file_is_named()
    {
        Available();
        var path = Path.Combine(folder.FullName, "broken.parquet");
        await File.WriteAllTextAsync(path, "PAR1 this is no parquet PAR1");
        await using var file = File.OpenRead(path);
        var exception = await Assert.ThrowsAsync<DataFileException>(async () =>
        {
            await foreach (var _ in DataFile.ReadAsync(file, "broken.parquet"))
            {
            }
        });
        Assert.Contains("Parquet", exception.Message, StringComparison.Ordinal);
    }

    private static void Available() =>
        Assert.SkipUnless(DuckDbLibrary.IsAvailable, "needs libduckdb, which ./workbench fetches from npm into artifacts/native");

    private async Task<List<string>> RoundTripAsync(string[] rows)
    {
        Available();
        var path = Path.Combine(folder.FullName, "rows.parquet");
        ParquetFiles.Write(rows.Select(row => JsonSerializer.Deserialize<JsonElement>(row)), path, folder.FullName);
        var back = new List<string>();
        await using var file = File.OpenRead(path);
        await foreach (var line in DataFile.ReadAsync(file, "rows.parquet"))
        {
            back.Add(Encoding.UTF8.GetString(line.Bytes.Span));
        }

        return back;
    }

    private static string Canonical(JsonElement row) => JsonSerializer.Serialize(row);

    /// <summary>Keys in one order and nulls aside: what Parquet does not keep.</summary>
    private static string WithoutNulls(string row)
    {
        static object? Plain(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null)
                .OrderBy(field => field.Name, StringComparer.Ordinal).ToDictionary(field => field.Name, field => Plain(field.Value)),
            JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToArray(),
            JsonValueKind.String => value.GetString(),
            _ => value,
        };
        return JsonSerializer.Serialize(Plain(JsonSerializer.Deserialize<JsonElement>(row)));
    }
}
