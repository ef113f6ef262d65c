using System.Text.Json;

namespace Workbench.Language.Tokenizers.Loading;

/// <summary>The small files beside tokenizer.json, read as transformers reads them.</summary>
internal sealed record PretrainedFiles
{
    private static readonly string[] SpecialTokenNames =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    // transformers writes 10^30 where a tokenizer has no limit.
    private const double NoLimit = 1e15;

    public Dictionary<string, string> SpecialTokens { get; init; } = [];

    public List<string> AdditionalSpecialTokens { get; init; } = [];

    public Dictionary<string, string> ChatTemplates { get; init; } = [];

    public List<int> StopIds { get; init; } = [];

    public int? ModelMaxLength { get; init; }

    public static PretrainedFiles Read(string directory)
    {
        var folder = Directory.Exists(directory) ? directory : Path.GetDirectoryName(Path.GetFullPath(directory))!;
        using var config = Json(Path.Combine(folder, "tokenizer_config.json"));
        using var map = Json(Path.Combine(folder, "special_tokens_map.json"));
        using var generation = Json(Path.Combine(folder, "generation_config.json"));
        using var model = Json(Path.Combine(folder, "config.json"));
        return new PretrainedFiles
        {
            SpecialTokens = ReadSpecialTokens(TokenizerClass(config?.RootElement, model?.RootElement), config?.RootElement, map?.RootElement),
            AdditionalSpecialTokens = ReadAdditional(config?.RootElement, map?.RootElement),
            ChatTemplates = ReadTemplates(folder, config?.RootElement),
            StopIds = [.. Ids(generation?.RootElement).Concat(Ids(model?.RootElement)).Distinct()],
            ModelMaxLength = ReadMaxLength(config?.RootElement),
        };
    }

    /// <summary>AutoTokenizer's order: tokenizer_config.json, config.json, then what the model type stands for.</summary>
    private static string? TokenizerClass(JsonElement? config, JsonElement? model) =>
        Text(config, "tokenizer_class") ?? Text(model, "tokenizer_class") ?? Text(model, "model_type") switch
        {
            "llama" or "mistral" or "mixtral" => "LlamaTokenizer",
            "gpt2" => "GPT2Tokenizer",
            "qwen2" or "qwen2_moe" or "qwen3" or "qwen3_moe" => "Qwen2Tokenizer",
            "gemma" or "gemma2" or "gemma3" or "gemma3_text" => "GemmaTokenizer",
            "bert" => "BertTokenizer",
            "distilbert" => "DistilBertTokenizer",
            _ => null,
        };

    /// <summary>Folders from before added_tokens_decoder: special_tokens_map.json has the last word.</summary>
    private static bool MapCounts(JsonElement? config) =>
        config is not { ValueKind: JsonValueKind.Object } c || !c.TryGetProperty("added_tokens_decoder", out _);

    private static List<string> ReadAdditional(JsonElement? config, JsonElement? map)
    {
        const string Name = "additional_special_tokens";
        var source = MapCounts(config) && map is { ValueKind: JsonValueKind.Object } m && m.TryGetProperty(Name, out _) ? map : config;
        return source is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(Name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(token => token.ValueKind == JsonValueKind.String ? token.GetString() : Text(token, "content")).OfType<string>()]
            : [];
    }

    private static Dictionary<string, string> ReadSpecialTokens(string? tokenizerClass, JsonElement? config, JsonElement? map)
    {
        var tokens = ClassDefaults(tokenizerClass);
        Collect(config);
        if (MapCounts(config))
        {
            Collect(map);
        }

        return tokens;

        void Collect(JsonElement? source)
        {
            if (source is not { ValueKind: JsonValueKind.Object } element)
            {
                return;
            }

            foreach (var name in SpecialTokenNames)
            {
                if (!element.TryGetProperty(name, out var value))
                {
                    continue;
                }

                var text = value.ValueKind == JsonValueKind.Object ? Text(value, "content") : Text(element, name);
                if (text is not null)
                {
                    tokens[name] = text;
                }
                else if (value.ValueKind == JsonValueKind.Null)
                {
                    tokens.Remove(name);
                }
            }
        }
    }

    /// <summary>What a tokenizer class assumes where its config is silent.</summary>
    private static Dictionary<string, string> ClassDefaults(string? tokenizerClass)
    {
        switch (tokenizerClass?.Replace("Fast", "", StringComparison.Ordinal))
        {
            case "LlamaTokenizer" or "CodeLlamaTokenizer":
                return new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["unk_token"] = "<unk>" };
            case "GPT2Tokenizer":
                return new() { ["bos_token"] = "<|endoftext|>", ["eos_token"] = "<|endoftext|>", ["unk_token"] = "<|endoftext|>" };
            case "Qwen2Tokenizer":
                return new() { ["eos_token"] = "<|endoftext|>", ["pad_token"] = "<|endoftext|>", ["unk_token"] = "<|endoftext|>" };
            case "GemmaTokenizer":
                return new() { ["bos_token"] = "<bos>", ["eos_token"] = "<eos>", ["unk_token"] = "<unk>", ["pad_token"] = "<pad>" };
            case "BertTokenizer" or "DistilBertTokenizer":
                return new() { ["unk_token"] = "[UNK]", ["sep_token"] = "[SEP]", ["pad_token"] = "[PAD]", ["cls_token"] = "[CLS]", ["mask_token"] = "[MASK]" };
            default:
                return [];
        }
    }

    /// <summary>Files of their own stand in place of whatever the config holds (transformers 4.51 and later write these).</summary>
    private static Dictionary<string, string> ReadTemplates(string folder, JsonElement? config)
    {
        var templates = new Dictionary<string, string>();
        var main = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(main))
        {
            templates["default"] = ReadText(main);
        }

        var more = Path.Combine(folder, "additional_chat_templates");
        if (Directory.Exists(more))
        {
            foreach (var file in Directory.EnumerateFiles(more, "*.jinja").Order(StringComparer.Ordinal))
            {
                templates[Path.GetFileNameWithoutExtension(file)] = ReadText(file);
            }
        }

        return templates.Count > 0 ? templates : TemplatesOf(config);
    }

    /// <summary>One template, or a list of named ones.</summary>
    private static Dictionary<string, string> TemplatesOf(JsonElement? config)
    {
        var templates = new Dictionary<string, string>();
        if (config is not { ValueKind: JsonValueKind.Object } c || !c.TryGetProperty("chat_template", out var value))
        {
            return templates;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            templates["default"] = value.GetString()!;
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (Text(item, "name") is { } name && Text(item, "template") is { } template)
                {
                    templates[name] = template;
                }
            }
        }

        return templates;
    }

    private static int? ReadMaxLength(JsonElement? config) =>
        config is { ValueKind: JsonValueKind.Object } c && c.TryGetProperty("model_max_length", out var value)
        && value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < NoLimit and var length
            ? (int)Math.Min(length, int.MaxValue)
            : null;

    /// <summary><c>eos_token_id</c>: a number or a list of numbers.</summary>
    private static IEnumerable<int> Ids(JsonElement? config)
    {
        if (config is not { ValueKind: JsonValueKind.Object } c || !c.TryGetProperty("eos_token_id", out var value))
        {
            return [];
        }

        IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return items.Where(i => i.ValueKind == JsonValueKind.Number && i.TryGetInt32(out _)).Select(i => i.GetInt32());
    }

    private static string? Text(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } e && e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonDocument? Json(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(ReadText(file));
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"{file} is no valid JSON: {e.Message} Copy the file again.", e);
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{file} cannot be read: {e.Message}", e);
        }
    }
}
