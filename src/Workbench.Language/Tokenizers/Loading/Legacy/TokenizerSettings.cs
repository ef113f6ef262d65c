using System.Globalization;
using System.Text.Json.Nodes;

namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary>What <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c> add to a bare vocabulary.</summary>
internal sealed class TokenizerSettings
{
    private readonly JsonObject _config;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;
    private readonly JsonObject _addedTokens;

    private TokenizerSettings(JsonObject config, IReadOnlyDictionary<string, string> specialTokens, JsonObject addedTokens) =>
        (_config, _specialTokens, _addedTokens) = (config, specialTokens, addedTokens);

    /// <summary>transformers' class, without its ending for the Rust kind; empty where the folder does not say.</summary>
    public string TokenizerClass => (Text("tokenizer_class") ?? "").Replace("Fast", "", StringComparison.Ordinal);

    public static TokenizerSettings Read(string folder) => new(
        ReadObject(Path.Combine(folder, "tokenizer_config.json")),
        PretrainedFiles.Read(folder).SpecialTokens,
        ReadObject(Path.Combine(folder, "added_tokens.json")));

    public string? Text(string name) => _config[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public bool Flag(string name, bool missing) => _config[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : missing;

    public bool? OptionalFlag(string name) => _config[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>The content of bos_token, eos_token …; null where there is none.</summary>
    public string? SpecialToken(string name) => _specialTokens.GetValueOrDefault(name);

    /// <summary>
    /// Adds the tokens of the settings to those that the vocabulary itself brought: <c>added_tokens_decoder</c> with their ids,
    /// else <c>added_tokens.json</c>, and the special tokens, which get the next free id where the vocabulary lacks them.
    /// </summary>
    public JsonObject AddTokens(JsonObject tokenizer)
    {
        var vocabulary = Ids(tokenizer["model"]!["vocab"]!);
        var tokens = (tokenizer["added_tokens"] as JsonArray ?? []).ToDictionary(token => token!["id"]!.GetValue<int>(), token => token!.DeepClone());
        if (_config["added_tokens_decoder"] is JsonObject decoder)
        {
            foreach (var (id, token) in decoder)
            {
                var copy = token!.DeepClone().AsObject();
                copy["id"] = int.Parse(id, CultureInfo.InvariantCulture);
                tokens[copy["id"]!.GetValue<int>()] = copy;
            }
        }

        foreach (var (content, id) in _addedTokens)
        {
            tokens.TryAdd(id!.GetValue<int>(), Token(id.GetValue<int>(), content, special: _specialTokens.Values.Contains(content)));
        }

        var known = tokens.ToDictionary(token => token.Value["content"]!.GetValue<string>(), token => token.Key, StringComparer.Ordinal);
        var next = Math.Max(vocabulary.Count == 0 ? 0 : vocabulary.Values.Max() + 1, tokens.Count == 0 ? 0 : tokens.Keys.Max() + 1);
        foreach (var content in _specialTokens.Values.Distinct().Where(content => !known.ContainsKey(content)))
        {
            var id = vocabulary.TryGetValue(content, out var inVocabulary) ? inVocabulary : next++;
            tokens[id] = Token(id, content, special: true);
        }

        tokenizer["added_tokens"] = new JsonArray([.. tokens.OrderBy(token => token.Key).Select(token => token.Value)]);
        return tokenizer;
    }

    /// <summary>An added token that is found in the text as it stands.</summary>
    public static JsonObject Token(int id, string content, bool special) => new()
    {
        ["id"] = id, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = special,
    };

    /// <summary>The TemplateProcessing that puts bos_token before and eos_token behind a text; null where it would add nothing.</summary>
    /// <param name="addBeginning">Put bos_token before.</param>
    /// <param name="addEnd">Put eos_token behind.</param>
    /// <param name="idOf">Ids of the vocabulary, for tokens to which the settings give none.</param>
    public JsonObject? Template(bool addBeginning, bool addEnd, Func<string, int?> idOf)
    {
        var specials = new JsonObject();
        string? Use(bool add, string name)
        {
            if (!add || SpecialToken(name) is not { } token || (AddedId(token) ?? idOf(token)) is not { } id)
            {
                return null;
            }

            specials[token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) };
            return token;
        }

        var (beginning, end) = (Use(addBeginning, "bos_token"), Use(addEnd, "eos_token"));
        JsonObject Part(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };
        IEnumerable<JsonNode> Sequence(string name, int type) =>
        [
            .. beginning is null ? (JsonNode[])[] : [Part("SpecialToken", beginning, type)],
            Part("Sequence", name, type),
            .. end is null ? (JsonNode[])[] : [Part("SpecialToken", end, type)],
        ];
        return specials.Count == 0 ? null : new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Sequence("A", 0)]),
            ["pair"] = new JsonArray([.. Sequence("A", 0), .. Sequence("B", 1)]),
            ["special_tokens"] = specials,
        };
    }

    /// <summary>The id that the settings give a token, which the vocabulary itself need not have.</summary>
    private int? AddedId(string token) =>
        (_config["added_tokens_decoder"] as JsonObject)?.FirstOrDefault(entry => entry.Value?["content"]?.GetValue<string>() == token).Key is { } id
            ? int.Parse(id, CultureInfo.InvariantCulture)
            : _addedTokens[token]?.GetValue<int>();

    /// <summary>Ids of a vocabulary: an object, or Unigram's list of pieces.</summary>
    private static Dictionary<string, int> Ids(JsonNode vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        if (vocabulary is JsonObject tokens)
        {
            foreach (var (token, id) in tokens)
            {
                ids[token] = id!.GetValue<int>();
            }
        }
        else
        {
            foreach (var piece in vocabulary.AsArray())
            {
                ids.TryAdd(piece![0]!.GetValue<string>(), ids.Count);
            }
        }

        return ids;
    }

    private static JsonObject ReadObject(string file) => File.Exists(file) ? JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject ?? [] : [];
}
