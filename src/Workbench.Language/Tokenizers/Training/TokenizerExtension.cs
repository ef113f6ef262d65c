using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Language.Tokenizers.Training;

/// <summary>
/// Adds special tokens to a tokenizer as <c>tokenizer.add_special_tokens</c> followed by <c>save_pretrained</c> does: a token that
/// is known keeps its id, a new one gets the next free id.
/// </summary>
public static class TokenizerExtension
{
    /// <summary>Longer ones are a mistake: a file given in place of a token.</summary>
    private const int MaxLength = 256;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A tokenizer with its new tokens.</summary>
    /// <param name="TokenizerJson">Text of the new tokenizer.json.</param>
    /// <param name="TokenizerConfig">Text of the new tokenizer_config.json; null where there was none.</param>
    /// <param name="Tokens">The tokens asked for and their ids.</param>
    /// <param name="VocabularySize">Rows that an embedding must have.</param>
    public sealed record Extended(string TokenizerJson, string? TokenizerConfig, IReadOnlyList<(string Content, int Id)> Tokens, int VocabularySize);

    /// <param name="directory">Holds tokenizer.json and perhaps tokenizer_config.json; is not changed.</param>
    /// <param name="tokens">What to add.</param>
    /// <exception cref="TokenizerException">The folder holds no usable tokenizer.json, or a token cannot be one.</exception>
    public static Extended Add(string directory, IReadOnlyList<string> tokens)
    {
        if (tokens.FirstOrDefault(token => token.Trim().Length == 0 || token.Length > MaxLength) is { } bad)
        {
            throw new TokenizerException($"\"{bad[..Math.Min(40, bad.Length)]}\" cannot be a special token: give 1 to {MaxLength} characters that are not all white space.");
        }

        var path = Path.Combine(directory, "tokenizer.json");
        if (!File.Exists(path))
        {
            throw new TokenizerException($"{directory} holds no tokenizer.json: save the tokenizer with a fast tokenizer of transformers first.");
        }

        Tokenizer.Load(path); // what is wrong with the file is said by the loader
        var json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        var listed = json["added_tokens"] as JsonArray ?? [];
        json["added_tokens"] = listed.Parent is null ? listed : json["added_tokens"];
        var entries = tokens.Distinct(StringComparer.Ordinal).ToDictionary(token => token, token => Entry(listed, token), StringComparer.Ordinal);
        var extended = Tokenizer.Parse(json.ToJsonString()); // gives the ids, by the rules of the official library
        var ids = entries.Keys.Select(token => (token, Id: extended.TokenToId(token)!.Value)).ToList();
        foreach (var (token, id) in ids)
        {
            entries[token]["id"] = id;
        }

        return new Extended(json.ToJsonString(Readable) + "\n", Config(directory, entries), ids, extended.VocabularySize);
    }

    private static JsonObject Entry(JsonArray listed, string token)
    {
        var known = listed.OfType<JsonObject>().FirstOrDefault(entry => entry["content"]?.GetValue<string>() == token);
        if (known is null)
        {
            known = new JsonObject
            {
                ["id"] = 0, ["content"] = token, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false,
            };
            listed.Add(known);
        }

        known["special"] = true;
        return known;
    }

    private static string? Config(string directory, Dictionary<string, JsonObject> entries)
    {
        var path = Path.Combine(directory, "tokenizer_config.json");
        if (!File.Exists(path))
        {
            return null;
        }

        var config = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        var decoder = config["added_tokens_decoder"] as JsonObject;
        var special = config["additional_special_tokens"] as JsonArray;
        foreach (var (token, entry) in entries)
        {
            if (decoder is not null)
            {
                var described = (JsonObject)entry.DeepClone();
                described.Remove("id");
                decoder[entry["id"]!.ToString()] = described;
            }

            if (special is null)
            {
                config["additional_special_tokens"] = special = [];
            }

            if (!special.Any(known => (known is JsonObject described ? described["content"] : known)?.ToString() == token))
            {
                special.Add(token);
            }
        }

        return config.ToJsonString(Readable) + "\n";
    }
}
