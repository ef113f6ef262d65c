using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Testing;

namespace Workbench.Tests.Data.Formats;

/// <summary>Row counts are those of the files' manifest.</summary>
public sealed class RealFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("workbench-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("rasbt_instruction-data.json", RowShape.Messages, 1100)]
    [InlineData("alpaca_seed_tasks.jsonl", RowShape.Messages, 175)]
    [InlineData("llamafactory_identity.json", RowShape.Messages, 91)]
    [InlineData("llamafactory_alpaca_en_demo.json", RowShape.Messages, 999)]
    [InlineData("llamafactory_alpaca_zh_demo.json", RowShape.Messages, 1000)]
    [InlineData("llamafactory_glaive_toolcall_en_demo.json", RowShape.Messages, 300)]
    [InlineData("llamafactory_glaive_toolcall_zh_demo.json", RowShape.Messages, 300)]
    [InlineData("llamafactory_dpo_en_demo.json", RowShape.Preference, 300)]
    [InlineData("llamafactory_dpo_zh_demo.json", RowShape.Preference, 300)]
    [InlineData("llamafactory_kto_en_demo.json", RowShape.PromptCompletion, 300)]
    [InlineData("gsm8k_test.jsonl", RowShape.PromptCompletion, 1319)]
    [InlineData("mtbench_question.jsonl", RowShape.Prompt, 80)]
    [InlineData("ifeval_input_data.jsonl", RowShape.Prompt, 541)]
    [InlineData("bfcl_v4_simple_python.jsonl", RowShape.Prompt, 400)]
    public async Task Every_row_of_a_real_file_is_understood(string name, RowShape shape, int rows)
    {
        var result = await ImportAsync(name);
        Assert.Empty(result.Bad);
        Assert.Equal((shape, rows), (result.Shape!.Value, result.Rows));
    }

    [Fact]
    public async Task Answers_of_bfcl_without_their_questions_say_what_is_missing()
    {
        var result = await ImportAsync("bfcl_v4_simple_python_answers.jsonl");
        Assert.Equal((0, 400), (result.Rows, result.BadRows));
        Assert.Contains("without their questions", result.Bad[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Glaives_tools_and_calls_become_transformers_own()
    {
        await ImportAsync("llamafactory_glaive_toolcall_en_demo.json");
        var calls = 0;
        foreach (var row in await new RowFileReader(folder.FullName).ReadAsync(0, 300))
        {
            foreach (var message in row.GetProperty("messages").EnumerateArray().Where(message => message.TryGetProperty("tool_calls", out _)))
            {
                var function = message.GetProperty("tool_calls")[0].GetProperty("function");
                Assert.Equal(JsonValueKind.Object, function.GetProperty("arguments").ValueKind);
                var names = row.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString());
                Assert.Contains(function.GetProperty("name").GetString(), names);
                calls++;
            }
        }

        Assert.InRange(calls, 100, int.MaxValue); // about every second conversation of the file calls a function
    }

    [Fact]
    public async Task Types_of_bfcl_become_those_of_json_schema()
    {
        await ImportAsync("bfcl_v4_simple_python.jsonl");
        var text = await File.ReadAllTextAsync(new RowFileReader(folder.FullName).RowsPath);
        Assert.DoesNotContain("\"type\":\"dict\"", text, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"object\"", text, StringComparison.Ordinal);
    }

    private async Task<ImportResult> ImportAsync(string name)
    {
        await using var file = File.OpenRead(Shared.Require("assets/datasets/" + name));
        return await RowImport.RunAsync(file, folder.FullName, new ImportOptions { FileName = name });
    }
}
