using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Language.Tokenizers.AddedTokens;
using Workbench.Language.Tokenizers.Loading.Legacy;

namespace Workbench.Language.Tokenizers.Saving;

/// <summary>
/// Writes the files that transformers' <c>save_pretrained</c> writes for a fast tokenizer: tokenizer.json, tokenizer_config.json,
/// special_tokens_map.json, and each chat template in a file of its own.
/// </summary>
public static class SavedTokenizer
{
    // VERY_LARGE_INTEGER of transformers: a tokenizer without a limit.
    private const string NoLimit = "1000000000000000019884624838656";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="source">A folder with any kind of tokenizer that can be loaded.</param>
    /// <param name="directory">An existing folder; files of these names are overwritten.</param>
    /// <exception cref="TokenizerException">The source holds no usable tokenizer.</exception>
    public static void Write(string source, string directory)
    {
        var tokenizer = PretrainedTokenizer.Load(source);
        var file = Path.Combine(source, "tokenizer.json");
        var json = File.Exists(file) ? File.ReadAllText(file) : LegacyTokenizer.Find(source)!.ToJsonString(Readable) + "\n";
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), json);
        Write(directory, "tokenizer_config.json", Config(ReadConfig(source), tokenizer));
        Write(directory, "special_tokens_map.json", SpecialTokensMap(tokenizer));
        WriteTemplates(directory, tokenizer.ChatTemplates);
    }

    /// <summary>An entry of <c>added_tokens_decoder</c>, whose key is the id.</summary>
    internal static JsonObject Describe(AddedToken token) => new()
    {
        ["content"] = token.Content,
        ["lstrip"] = token.LeftStrip,
        ["normalized"] = token.Normalized,
        ["rstrip"] = token.RightStrip,
        ["single_word"] = token.SingleWord,
        ["special"] = token.Special,
    };

    private static JsonObject ReadConfig(string source)
    {
        var path = Path.Combine(source, "tokenizer_config.json");
        return File.Exists(path) && JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject config ? config : [];
    }

    private static JsonObject Config(JsonObject config, PretrainedTokenizer tokenizer)
    {
        config["added_tokens_decoder"] = new JsonObject(tokenizer.Tokenizer.AddedTokens.Select(token =>
            KeyValuePair.Create(token.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)Describe(token))));
        foreach (var (name, token) in tokenizer.SpecialTokens)
        {
            config[name] = token;
        }

        config.TryAdd("clean_up_tokenization_spaces", false);
        config.TryAdd("model_max_length", JsonNode.Parse(NoLimit));
        config.TryAdd("tokenizer_class", "PreTrainedTokenizerFast");

        // Newer versions read the file beside it; vLLM, llama.cpp's converter and older versions look here.
        config.Remove("chat_template");
        if (tokenizer.ChatTemplate is { } template)
        {
            config["chat_template"] = template;
        }

        return config;
    }

    private static JsonObject SpecialTokensMap(PretrainedTokenizer tokenizer)
    {
        var map = new JsonObject();
        if (tokenizer.AdditionalSpecialTokens.Count > 0)
        {
            map["additional_special_tokens"] = new JsonArray([.. tokenizer.AdditionalSpecialTokens.Select(token => (JsonNode)token)]);
        }

        foreach (var (name, token) in tokenizer.SpecialTokens)
        {
            map[name] = token;
        }

        return map;
    }

    private static void WriteTemplates(string directory, IReadOnlyDictionary<string, string> templates)
    {
        foreach (var (name, template) in templates)
        {
            if (name == "default")
            {
                File.WriteAllText(Path.Combine(directory, "chat_template.jinja"), template);
            }
            else if (name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') && name[0] != '.')
            {
                var folder = Directory.CreateDirectory(Path.Combine(directory, "additional_chat_templates")).FullName;
                File.WriteAllText(Path.Combine(folder, name + ".jinja"), template);
            }
            else
            {
                throw new TokenizerException($"The chat template \"{name}\" cannot be saved: its name must be one for a file. Rename it in tokenizer_config.json.");
            }
        }
    }

    private static void Write(string directory, string name, JsonObject json) =>
        File.WriteAllText(Path.Combine(directory, name), json.ToJsonString(Readable) + "\n");
}
