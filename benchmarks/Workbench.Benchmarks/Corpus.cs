using System.IO.Compression;
using System.Text.Json;
using Workbench.Language.Chat.Templates;

namespace Workbench.Benchmarks;

/// <summary>A template of the corpus, a conversation, and the text that transformers renders of them.</summary>
internal sealed record CorpusRow(string Name, ChatTemplate Template, ChatRequest Request, string Expected);

/// <summary>The templates, conversations and goldens of the shared folder.</summary>
internal sealed class Corpus
{
    private Corpus(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>The corpus beside the checkout or where WORKBENCH_SHARED points; null, with a word on standard error, where it is not.</summary>
    public static Corpus? Find() => Places.Shared("corpus") is { } folder ? new Corpus(folder) : null;

    /// <summary>Every template's text.</summary>
    public List<string> Templates() =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "templates"), "*.jinja", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    /// <summary>Every conversation by its id.</summary>
    public Dictionary<string, ChatRequest> Requests()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json")));
        return cases.RootElement.Clone().EnumerateArray().ToDictionary(item => item.GetProperty("id").GetString()!, RequestOf);
    }

    /// <summary>The rows whose result is a text, parsed and ready to render.</summary>
    public List<CorpusRow> Rows()
    {
        var requests = Requests();
        var rows = new List<CorpusRow>();
        using var file = new GZipStream(File.OpenRead(Path.Combine(Folder, "goldens.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            if (row.RootElement.TryGetProperty("r", out var expected))
            {
                var name = row.RootElement.GetProperty("t").GetString()!;
                var template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(Folder, "templates", name)));
                rows.Add(new CorpusRow(name, template, requests[row.RootElement.GetProperty("c").GetString()!], expected.GetString()!));
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
