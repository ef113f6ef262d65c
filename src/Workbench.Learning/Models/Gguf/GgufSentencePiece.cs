using System.Text.Json;

namespace Workbench.Learning.Models.Gguf;

/// <summary>
/// SentencePiece's tokenizer (Llama 2, Mistral) as llama.cpp has it: of all neighbours that make a token together, those with the highest
/// score are joined first. tokenizer.json has ranked merges instead. Where every way to make a token is a merge and all of them stand
/// together, the score -rank gives the very same order; llama.cpp's converter, without tokenizer.model, writes -1000 everywhere, and text is split otherwise.
/// </summary>
internal static class GgufSentencePiece
{
    /// <summary>Of a token that no merge makes.</summary>
    public const float NoScore = -1e9f;

    private const string Space = "▁";

    public static bool IsByte(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[^1] == '>';

    /// <summary>A score for each token's id, and whether a space is put before a text.</summary>
    /// <exception cref="ModelException">The tokenizer does something that scores cannot say.</exception>
    public static (IReadOnlyDictionary<int, float> Scores, bool SpacePrefix) Read(JsonElement root, string path)
    {
        var model = root.GetProperty("model");
        var ids = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32(), StringComparer.Ordinal);
        for (var b = 0; b < 256; b++)
        {
            if (!ids.ContainsKey($"<0x{b:X2}>"))
            {
                throw GgufVocabulary.Unwritable(path, $"it has byte_fallback, but not the token <0x{b:X2}>");
            }
        }

        return (Scores(model, ids, path), SpacePrefix(root, ids, path));
    }

    private static Dictionary<int, float> Scores(JsonElement model, Dictionary<string, int> ids, string path)
    {
        var scores = new Dictionary<int, float>();
        var ways = new Dictionary<string, int>(StringComparer.Ordinal);
        string? last = null;
        var rank = 0;
        foreach (var (left, right) in GgufVocabulary.Merges(model))
        {
            var token = left + right;
            if (token != last)
            {
                if (!scores.TryAdd(ids[token], -rank))
                {
                    throw Ambiguous(path, token);
                }

                rank++;
            }

            ways[token] = ways.GetValueOrDefault(token) + 1;
            last = token;
        }

        foreach (var (token, count) in ways)
        {
            if (Enumerable.Range(1, token.Length - 1).Count(i => ids.ContainsKey(token[..i]) && ids.ContainsKey(token[i..])) != count)
            {
                throw Ambiguous(path, token);
            }
        }

        return scores;
    }

    private static ModelException Ambiguous(string path, string token) =>
        GgufVocabulary.Unwritable(path, $"llama.cpp would also make its token \"{token}\" in ways or at times that its merges do not");

    private static bool SpacePrefix(JsonElement root, Dictionary<string, int> ids, string path)
    {
        var normalizers = Steps(root, "normalizer", "normalizers");
        var preTokenizers = Steps(root, "pre_tokenizer", "pretokenizers");
        var prefix = normalizers.RemoveAll(step => Text(step, "type") == "Prepend" && Text(step, "prepend") == Space) > 0;
        var replaced = normalizers.RemoveAll(step => Text(step, "type") == "Replace" && Text(step, "content") == Space
            && step.TryGetProperty("pattern", out var pattern) && Text(pattern, "String") == " ") > 0;
        foreach (var step in preTokenizers.Where(step => Text(step, "type") == "Metaspace" && Text(step, "replacement") == Space).ToList())
        {
            var splits = !step.TryGetProperty("split", out var split) || split.ValueKind == JsonValueKind.True;
            if (splits && ids.Keys.FirstOrDefault(token => token.LastIndexOf(Space, StringComparison.Ordinal) > 0) is { } across)
            {
                throw GgufVocabulary.Unwritable(path, $"its Metaspace splits at spaces, but its token \"{across}\" holds one");
            }

            prefix |= Text(step, "prepend_scheme") is { } scheme ? scheme != "never" : !step.TryGetProperty("add_prefix_space", out var add) || add.ValueKind == JsonValueKind.True;
            replaced = true;
            preTokenizers.Remove(step);
        }

        return replaced && normalizers.Count == 0 && preTokenizers.Count == 0
            ? prefix
            : throw GgufVocabulary.Unwritable(
                path, replaced ? $"llama.cpp has nothing like its {Text(normalizers.Concat(preTokenizers).First(), "type")}" : $"it does not write spaces as {Space}");
    }

    private static List<JsonElement> Steps(JsonElement root, string name, string list) =>
        !root.TryGetProperty(name, out var node) || node.ValueKind != JsonValueKind.Object ? []
        : Text(node, "type") == "Sequence" ? [.. node.GetProperty(list).EnumerateArray()]
        : [node];

    private static string? Text(JsonElement node, string name) => node.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
