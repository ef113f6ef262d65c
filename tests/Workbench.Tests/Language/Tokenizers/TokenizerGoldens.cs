using System.IO.Compression;
using System.Text.Json;
using Workbench.Language.Tokenizers;

namespace Workbench.Tests.Language.Tokenizers;

/// <summary>What the official Rust library gives for 865 stress texts.</summary>
internal static class TokenizerGoldens
{
    public static void Compare(ITestOutputHelper output, string golden, Tokenizer tokenizer)
    {
        var texts = File.ReadLines(Shared.Require("assets/tokenizer_goldens/texts.jsonl")).ToArray();
        using var stream = new GZipStream(
            File.OpenRead(Shared.Require($"assets/tokenizer_goldens/{golden}.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var failures = new List<string>();
        var rows = 0;
        while (reader.ReadLine() is { } line)
        {
            using var expected = JsonDocument.Parse(line);
            using var given = JsonDocument.Parse(texts[rows++]);
            var text = JsonText(given.RootElement.GetProperty("text"));
            var encoding = tokenizer.Encode(text);
            var row = expected.RootElement;
            var ids = row.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).ToArray();
            if (!ids.SequenceEqual(encoding.Ids))
            {
                failures.Add($"{row.GetProperty("id")} {given.RootElement.GetProperty("cat")}: ids {Show(ids)} != {Show(encoding.Ids)}");
            }
            else if (!Pairs(row.GetProperty("offsets")).SequenceEqual(encoding.Offsets))
            {
                failures.Add($"{row.GetProperty("id")} {given.RootElement.GetProperty("cat")}: offsets {Show(Pairs(row.GetProperty("offsets")))} != {Show(encoding.Offsets)}");
            }
            else if (!Pairs(row.GetProperty("offsets_utf16")).SequenceEqual(encoding.CharOffsets))
            {
                failures.Add($"{row.GetProperty("id")}: UTF-16 offsets {Show(encoding.CharOffsets)}");
            }
            else if (JsonText(row.GetProperty("decoded")) != tokenizer.Decode(ids, skipSpecialTokens: true))
            {
                failures.Add($"{row.GetProperty("id")}: decoded {tokenizer.Decode(ids, skipSpecialTokens: true)}");
            }
        }

        output.WriteLine($"{golden}: {rows - failures.Count} of {rows} texts agree");
        Assert.Equal(865, rows);
        Assert.True(failures.Count == 0, $"{failures.Count} of {rows} differ:\n{string.Join('\n', failures.Take(10))}");
    }

    private static (int, int)[] Pairs(JsonElement list) => [.. list.EnumerateArray().Select(p => (p[0].GetInt32(), p[1].GetInt32()))];

    private static string Show<T>(IEnumerable<T> items) => string.Join(' ', items.Take(40));

    /// <summary>A JSON string's text, lone surrogates included, which System.Text.Json refuses to read.</summary>
    private static string JsonText(JsonElement element)
    {
        var raw = element.GetRawText();
        return raw.Contains("\\u", StringComparison.OrdinalIgnoreCase)
            ? JsonStrings.Read(raw)
            : element.GetString()!;
    }
}
