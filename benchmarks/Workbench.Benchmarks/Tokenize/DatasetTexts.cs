using System.Text.Json;

namespace Workbench.Benchmarks.Tokenize;

/// <summary>The texts of the shared datasets: for each row one document of all its strings.</summary>
internal static class DatasetTexts
{
    public static string[] Load(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.json*").Where(file => Path.GetFileName(file) != "manifest.json")
            .Order(StringComparer.Ordinal).SelectMany(Rows).Select(row => string.Join('\n', Strings(row))),
    ];

    private static IEnumerable<JsonElement> Rows(string file) => Path.GetExtension(file) == ".jsonl"
        ? File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line))
        : JsonElement.Parse(File.ReadAllBytes(file)).EnumerateArray();

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
