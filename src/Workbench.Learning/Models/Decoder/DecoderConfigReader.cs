using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Learning.Models.Decoder;

/// <summary>Reads <c>config.json</c> of a Hugging Face folder and refuses by name what the decoder cannot compute.</summary>
public static class DecoderConfigReader
{
    private const string FileName = "config.json";

    /// <summary>Architectures that are described completely by a <see cref="DecoderConfig"/>.</summary>
    public static IReadOnlyList<string> Architectures { get; } = [.. DecoderFamily.All.Select(family => family.Architecture)];

    /// <summary>The raw object of <c>config.json</c> in <paramref name="directory"/>.</summary>
    /// <exception cref="ModelException">Missing or no JSON object.</exception>
    public static JsonObject ReadJson(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!Directory.Exists(directory))
        {
            throw new ModelException($"There is no folder {directory}.");
        }

        if (!File.Exists(path))
        {
            throw new ModelException(Lora.AdapterFolder.Is(directory)
                ? $"{directory} holds an adapter and no model: give the folder of its base model, and this one as the adapter."
                : $"{directory} holds no {FileName}: is it a model folder in Hugging Face's layout?");
        }

        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path), documentOptions: new() { MaxDepth = 32, AllowDuplicateProperties = false })?.AsObject()
                ?? throw new ModelException($"{path} holds null instead of an object.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException)
        {
            throw new ModelException($"{path} is no readable JSON object: {error.Message}", error);
        }
    }

    /// <summary>Reads and checks the configuration of the model in <paramref name="directory"/>.</summary>
    /// <exception cref="ModelException">Unknown architecture, a missing or impossible value, or a feature that is not there.</exception>
    public static DecoderConfig Read(string directory) => Read(directory, ReadJson(directory));

    /// <summary>The decoder of a classifier over whole texts (<c>…ForSequenceClassification</c>): it has no head of its own over the vocabulary.</summary>
    /// <inheritdoc cref="Read(string)"/>
    internal static DecoderConfig ReadClassifier(string directory)
    {
        const string Suffix = "ForSequenceClassification";
        var json = ReadJson(directory);
        var named = (json["architectures"] as JsonArray)?.FirstOrDefault()?.ToString() ?? "";
        var decoder = DecoderFamily.All.FirstOrDefault(family => named == family.Architecture.Replace("ForCausalLM", Suffix, StringComparison.Ordinal))
            ?? throw new ModelException(
                $"{Path.Combine(directory, FileName)}: the architecture {(named.Length == 0 ? "is not said" : named + " is no reward model")}; supported: {string.Join(", ", Architectures.Select(name => name.Replace("ForCausalLM", Suffix, StringComparison.Ordinal)))}.");
        json["architectures"] = new JsonArray(decoder.Architecture);
        json["tie_word_embeddings"] = true;
        return Read(directory, json);
    }

    private static DecoderConfig Read(string directory, JsonObject json)
    {
        var path = Path.Combine(directory, FileName);
        var values = new Values(json, path);
        var family = FamilyOf(json, values, path);
        RefuseUnsupported(values, path);
        var heads = values.Count("num_attention_heads");
        var hidden = values.Count("hidden_size");
        var layers = values.Count("num_hidden_layers", 10_000);
        var attentionBias = values.Flag("attention_bias") ?? false;
        var (window, firstSliding) = Window(family, json, values, layers, path);
        var config = new DecoderConfig
        {
            Architecture = family.Architecture,
            ModelType = values.Text("model_type") ?? family.ModelType,
            VocabSize = values.Count("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = values.Count("intermediate_size"),
            NumHiddenLayers = layers,
            NumAttentionHeads = heads,
            NumKeyValueHeads = values.OptionalCount("num_key_value_heads") ?? family.KeyValueHeads ?? heads,
            HeadDim = values.OptionalCount("head_dim") ?? family.HeadDim ?? Math.Max(1, hidden / heads),
            MaxPositionEmbeddings = values.OptionalCount("max_position_embeddings") ?? family.MaxPositionEmbeddings,
            RmsNormEps = values.Number("rms_norm_eps") ?? 1e-6,
            RopeTheta = (json["rope_parameters"] is JsonObject rope ? new Values(rope, path).Number("rope_theta") : null)
                ?? values.Number("rope_theta") ?? 10_000,
            RopeScaling = Scaling(values, path),
            TieWordEmbeddings = values.Flag("tie_word_embeddings") ?? false,
            AttentionBias = family.QkvBias || attentionBias,
            AttentionOutputBias = !family.QkvBias && attentionBias,
            QueryKeyNorm = family.QueryKeyNorm,
            SlidingWindow = window,
            FirstSlidingLayer = firstSliding,
            MlpBias = values.Flag("mlp_bias") ?? false,
            TorchDtype = values.Text("torch_dtype") ?? values.Text("dtype"),
        };
        if (heads % config.NumKeyValueHeads != 0)
        {
            throw new ModelException(
                $"{path}: num_attention_heads ({heads}) is no multiple of num_key_value_heads ({config.NumKeyValueHeads}).");
        }

        if (config.HeadDim % 2 != 0)
        {
            throw new ModelException($"{path}: head_dim ({config.HeadDim}) must be even for rotary position embeddings.");
        }

        return config;
    }

    private static DecoderFamily FamilyOf(JsonObject json, Values values, string path)
    {
        var named = (json["architectures"] as JsonArray)?.FirstOrDefault()?.ToString();
        var modelType = values.Text("model_type") ?? "llama";
        return DecoderFamily.All.FirstOrDefault(family => named is null ? family.ModelType == modelType : family.Architecture == named)
            ?? throw new ModelException(
                $"{path}: the architecture {named ?? modelType} is not supported; supported: {string.Join(", ", Architectures)}.");
    }

    /// <summary>The window and the layer from which on it holds; layer_types, which newer files have, says the same layer by layer.</summary>
    private static (int? Window, int FirstLayer) Window(DecoderFamily family, JsonObject json, Values values, int layers, string path)
    {
        const int Assumed = 4096; // by transformers, in all three families
        var slides = family.AlwaysSlides || (family.MaySlide && (values.Flag("use_sliding_window") ?? false));
        var said = json.ContainsKey("sliding_window") ? values.OptionalCount("sliding_window") : Assumed;
        if (!slides || said is not { } window)
        {
            return (null, 0);
        }

        var first = family.AlwaysSlides ? 0 : values.OptionalCount("max_window_layers", 10_000) ?? 28;
        if (json["layer_types"] is JsonArray types)
        {
            first = types.TakeWhile(type => type?.ToString() == "full_attention").Count();
            if (types.Count != layers || types.Skip(first).Any(type => type?.ToString() != "sliding_attention"))
            {
                throw new ModelException($"{path}: layer_types that mix full_attention and sliding_attention in turns are not supported.");
            }
        }

        return (window, first);
    }

    private static RopeScaling? Scaling(Values values, string path)
    {
        foreach (var key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (values.Object(key) is not { } json || (json["rope_type"] ?? json["type"])?.ToString() is not { } type || type == "default")
            {
                continue;
            }

            var scaling = new Values(json, path);
            double Needed(string name) => scaling.Number(name) ?? throw new ModelException($"{path}: {key} of type \"{type}\" lacks {name}.");
            return type switch
            {
                "linear" => new RopeScaling.Linear(Needed("factor")),
                "llama3" => Llama3(Needed("factor"), Needed("low_freq_factor"), Needed("high_freq_factor"), scaling.Count("original_max_position_embeddings")),
                _ => throw new ModelException($"{path}: {key} of type \"{type}\" is not supported; linear and llama3 are."),
            };

            RopeScaling.Llama3 Llama3(double factor, double low, double high, int original) => high > low
                ? new(factor, low, high, original)
                : throw new ModelException($"{path}: {key}: high_freq_factor ({high}) must be above low_freq_factor ({low}).");
        }

        return null;
    }

    private static void RefuseUnsupported(Values values, string path)
    {
        if (values.Text("hidden_act") is { } activation and not ("silu" or "swish"))
        {
            throw new ModelException($"{path}: hidden_act \"{activation}\" is not supported; silu is.");
        }

        if (values.Object("quantization_config") is { } quantization)
        {
            throw new ModelException(
                $"{path}: the weights are quantised ({quantization["quant_method"]?.ToString() ?? "unknown method"}), "
                + "which is not supported; take the model's float16, bfloat16 or float32 weights.");
        }
    }

    /// <summary>Typed values of a JSON object, with the file and the key in every message.</summary>
    private sealed class Values(JsonObject json, string path)
    {
        // No dimension of a real model comes near; beyond it, products of two would leave 63 bits.
        private const int Largest = 100_000_000;

        public int Count(string key, int largest = Largest) =>
            OptionalCount(key, largest) ?? throw new ModelException($"{path}: {key} is missing.");

        public int? OptionalCount(string key, int largest = Largest)
        {
            if (json[key] is not { } node)
            {
                return null;
            }

            return node is JsonValue value && value.TryGetValue<int>(out var count) && count >= 1 && count <= largest
                ? count
                : throw new ModelException($"{path}: {key} must be a whole number from 1 to {largest}, not {Shown(node)}.");
        }

        public double? Number(string key)
        {
            if (json[key] is not { } node)
            {
                return null;
            }

            return node is JsonValue value && value.TryGetValue<double>(out var number) && number > 0 && double.IsFinite(number)
                ? number
                : throw new ModelException($"{path}: {key} must be a number above 0, not {Shown(node)}.");
        }

        public bool? Flag(string key)
        {
            if (json[key] is not { } node)
            {
                return null;
            }

            return node is JsonValue value && value.TryGetValue<bool>(out var flag)
                ? flag
                : throw new ModelException($"{path}: {key} must be true or false, not {Shown(node)}.");
        }

        public string? Text(string key) => json[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        public JsonObject? Object(string key) => json[key] as JsonObject;

        private static string Shown(JsonNode node)
        {
            var text = node.ToJsonString();
            return text.Length <= 60 ? text : text[..60] + "…";
        }
    }
}
