using System.IO.Compression;
using System.Text.Json;
using Workbench.Language.Chat.Templates;

namespace Workbench.Benchmarks.Render;

/// <summary>A template of the corpus and a conversation that it renders.</summary>
internal sealed record CorpusRow(ChatTemplate Template, ChatRequest Request);

/// <summary>Reads the rows that have a text for a result.</summary>
internal static class CorpusRows
{
    public static List<CorpusRow> Load(string corpus)
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(corpus, "cases.json")));
        var requests = cases.RootElement.Clone().EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!, RequestOf);
        var rows = new List<CorpusRow>();
        using var file = new GZipStream(File.OpenRead(Path.Combine(corpus, "goldens.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.TryGetProperty("r", out _))
            {
                var template = File.ReadAllText(Path.Combine(corpus, "templates", row.RootElement.GetProperty("t").GetString()!));
                rows.Add(new CorpusRow(ChatTemplate.Parse(template), requests[row.RootElement.GetProperty("c").GetString()!]));
            }
        }

        return rows;
    }

    private static ChatRequest RequestOf(JsonElement item)
    {
        JsonElement? Optional(string name) => item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        return new ChatRequest
        {
            Messages = item.GetProperty("messages"),
            Tools = Optional("tools"),
            Documents = Optional("documents"),
            Kwargs = Optional("kwargs"),
            SpecialTokens = Optional("special_tokens")?.EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetString()),
            Now = new DateTime(2025, 6, 15, 12, 34, 56),
        };
    }
}
