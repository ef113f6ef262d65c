using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Exports;
using Workbench.Data.Formats.Files;

namespace Workbench.Tests.Data.Formats;

public sealed class ExportTests
{
    private const string Weather = """
        {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Rain?"},
        {"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"weather","arguments":{"city":"Zürich"}}}]},
        {"role":"tool","content":"wet"},{"role":"assistant","content":"Yes."}],
        "tools":[{"type":"function","function":{"name":"weather","parameters":{}}}],"id":7}
        """;

    [Fact]
    public void ShareGpt_is_what_LLaMA_Factory_reads() =>
        Assert.Equal(
            """{"conversations":[{"from":"human","value":"Rain?"},{"from":"function_call","value":"{\"name\":\"weather\",\"arguments\":{\"city\":\"Zürich\"}}"},"""
            + """{"from":"observation","value":"wet"},{"from":"gpt","value":"Yes."}],"system":"Be brief." """.TrimEnd()
            + ""","tools":"[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{}}}]","id":7}""",
            Text(Single("sharegpt", Rows.Parse(Weather))));

    [Fact]
    public void A_preference_keeps_its_answers_apart_in_ShareGpt() =>
        Assert.Equal(
            """{"conversations":[{"from":"human","value":"2+2?"}],"chosen":{"from":"gpt","value":"4"},"rejected":{"from":"gpt","value":"5"}}""",
            Text(Single("sharegpt", Rows.Parse("""{"prompt":"2+2?","chosen":"4","rejected":"5"}"""))));

    [Fact]
    public void Alpaca_puts_earlier_rounds_into_history() =>
        Assert.Equal(
            """{"instruction":"c","input":"","output":"d","system":"s","history":[["a","b"]]}""",
            Text(Single("alpaca", Rows.Parse(
                """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}"""))));

    [Fact]
    public void The_last_answer_becomes_the_completion() =>
        Assert.Equal(
            """{"prompt":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}],"completion":[{"role":"assistant","content":"d"}],"k":1}""",
            Text(Single("prompt_completion", Rows.Parse(
                """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}],"k":1}"""))));

    [Fact]
    public void A_preference_becomes_two_judged_answers() =>
        Assert.Equal(
            ["""{"prompt":"p","completion":"good","label":true,"k":1}""", """{"prompt":"p","completion":"bad","label":false,"k":1}"""],
            Convert("kto", Rows.Parse("""{"prompt":"p","chosen":"good","rejected":"bad","k":1}""")).Select(Text));

    [Theory]
    [InlineData("alpaca", Weather, "Alpaca has no place")]
    [InlineData("messages", """{"text":"a"}""", "cannot become a conversation")]
    [InlineData("kto", """{"prompt":"a","completion":"b"}""", "no label")]
    [InlineData("sharegpt", """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"c"}]}""", "no place for reasoning_content")]
    [InlineData("prompt_completion", """{"messages":[{"role":"user","content":"a"}]}""", "does not end with an answer")]
    public void What_a_form_cannot_hold_is_refused_and_not_dropped(string form, string row, string reason) =>
        Assert.Contains(reason, Assert.Throws<RowFormatException>(() => Convert(form, Rows.Parse(row))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("llamafactory_glaive_toolcall_zh_demo.json", "sharegpt")]
    [InlineData("llamafactory_dpo_en_demo.json", "sharegpt")]
    [InlineData("llamafactory_kto_en_demo.json", "sharegpt")]
    [InlineData("llamafactory_alpaca_zh_demo.json", "alpaca")]
    public async Task Real_rows_come_back_from_the_form_as_they_went(string file, string form)
    {
        await using var stream = File.OpenRead(Shared.Require("assets/datasets/" + file));
        var rows = 0;
        await foreach (var line in DataFile.ReadAsync(stream, file, cancellationToken: TestContext.Current.CancellationToken))
        {
            var row = RowParser.Parse(line.Bytes);
            var back = RowParser.Parse(RowJson.Bytes(Single(form, row).Json).ToArray());
            Assert.True(JsonElement.DeepEquals(row.Json, back.Json), $"row {line.Number}: {Text(row)} came back as {Text(back)}");
            rows++;
        }

        Assert.InRange(rows, 300, 1000);
    }

    private static IReadOnlyList<Row> Convert(string form, Row row) => ExportShapes.Find(form)!.Convert(row);

    private static Row Single(string form, Row row) => Assert.Single(Convert(form, row));

    private static string Text(Row row) => System.Text.Encoding.UTF8.GetString(RowJson.Bytes(row.Json));
}
