using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers.Differential;

/// <summary>
/// Small tokenizers in which this library once differed from the official one, with what the official one gives
/// (<c>make_found.mjs</c>). <c>./workbench bench tokenize-differential</c> looks for more.
/// </summary>
public sealed class FoundTests
{
    private static readonly Dictionary<string, List<JsonElement>> Cases = File
        .ReadLines(Path.Combine(Shared.Root, "tests/Workbench.Tests/Language/Tokenizers/Differential/found.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .GroupBy(row => row.GetProperty("name").GetString()!)
        .ToDictionary(group => group.Key, group => group.ToList());

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_once_differed_is_as_the_official_library_has_it(string name)
    {
        foreach (var row in Cases[name])
        {
            var text = JsonStrings.Read(row.GetProperty("text").GetRawText());
            var pair = row.GetProperty("pair") is { ValueKind: JsonValueKind.String } second ? second.GetString() : null;

            var encoding = Tokenizer.Parse(row.GetProperty("json").GetRawText()).EncodeToLength(text, pair);

            Assert.Equal(row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), encoding.Ids);
            if (row.GetProperty("offsets") is { ValueKind: JsonValueKind.Array } offsets)
            {
                Assert.Equal(offsets.EnumerateArray().Select(o => (o[0].GetInt32(), o[1].GetInt32())), encoding.Offsets);
            }
        }
    }
}
