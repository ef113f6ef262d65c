using System.Text.Json;

namespace Workbench.Learning.Models.Gguf;

/// <summary>
/// Which of llama.cpp's pre-tokenizers splits text as a tokenizer.json does. llama.cpp knows them by the name of a model that brought
/// them; its converter goes by a hash of one text's ids, which no vocabulary trained anew can have, so here the rule itself is compared.
/// </summary>
internal static class GgufPreTokenizer
{
    private const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Tekken =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The value of <c>tokenizer.ggml.pre</c>; null where llama.cpp has none that splits alike.</summary>
    /// <param name="preTokenizer"><c>pre_tokenizer</c> of tokenizer.json.</param>
    /// <param name="ignoreMerges">The model takes a piece that is a token as it is, before any merge.</param>
    public static string? NameOf(JsonElement preTokenizer, bool ignoreMerges)
    {
        var steps = Steps(preTokenizer);
        if (steps.Count == 0 || Type(steps[^1]) != "ByteLevel" || Flag(steps[^1], "add_prefix_space", byDefault: true))
        {
            return null;
        }

        var gpt2 = Flag(steps[^1], "use_regex", byDefault: true);
        return (steps.Count, gpt2, ignoreMerges) switch
        {
            (1, true, false) => "gpt-2",
            (2, true, false) when Type(steps[0]) == "Digits" && Flag(steps[0], "individual_digits", byDefault: false) => "smollm",
            (2, false, _) when IsolatedPattern(steps[0]) is { } pattern => (pattern, ignoreMerges) switch
            {
                (Llama3, true) => "llama-bpe",
                (Llama3, false) => "dbrx",
                (Qwen2, false) => "qwen2",
                (Tekken, true) => "tekken",
                _ => null,
            },
            _ => null,
        };
    }

    private static List<JsonElement> Steps(JsonElement node) =>
        node.ValueKind != JsonValueKind.Object ? []
        : Type(node) == "Sequence" && node.TryGetProperty("pretokenizers", out var steps) ? [.. steps.EnumerateArray().SelectMany(Steps)]
        : [node];

    private static string? Type(JsonElement node) => node.TryGetProperty("type", out var type) ? type.GetString() : null;

    private static bool Flag(JsonElement node, string name, bool byDefault) => node.TryGetProperty(name, out var flag) ? flag.ValueKind == JsonValueKind.True : byDefault;

    private static string? IsolatedPattern(JsonElement split) =>
        Type(split) == "Split"
        && split.TryGetProperty("behavior", out var behavior) && behavior.GetString() == "Isolated"
        && !Flag(split, "invert", byDefault: false)
        && split.TryGetProperty("pattern", out var pattern) && pattern.TryGetProperty("Regex", out var regex)
            ? regex.GetString()
            : null;
}
