using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Models.Hub;

namespace Workbench.Learning.Models.Lora;

/// <summary>
/// PEFT's <c>adapter_config.json</c>. What would change results and is not supported is refused by name; what only describes how an
/// adapter was begun or saved is passed over.
/// </summary>
public static class LoraConfigFile
{
    public const string FileName = "adapter_config.json";

    /// <summary>Options that must be absent, null, false or empty, with what they stand for.</summary>
    private static readonly Dictionary<string, string> Unsupported = new(StringComparer.Ordinal)
    {
        ["use_dora"] = "weight-decomposed adapters (DoRA)",
        ["lora_bias"] = "biases on B",
        ["fan_in_fan_out"] = "transposed weights (GPT-2's Conv1D)",
        ["layer_replication"] = "repeated layers",
        ["trainable_token_indices"] = "single trained tokens",
        ["target_parameters"] = "adapters on parameters outside of linear modules",
        ["use_qalora"] = "quantisation-aware adapters",
        ["alora_invocation_tokens"] = "activated adapters (aLoRA)",
        ["arrow_config"] = "routed adapters (Arrow)",
        ["ensure_weight_tying"] = "whole modules that stay tied",
    };

    /// <summary>Options that are read, or that say only how an adapter was begun, saved or spread over devices.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "peft_type", "r", "lora_alpha", "lora_dropout", "use_rslora", "target_modules", "exclude_modules", "modules_to_save", "layers_to_transform",
        "layers_pattern", "rank_pattern", "alpha_pattern", "base_model_name_or_path", "bias", "init_lora_weights", "auto_mapping", "revision", "task_type",
        "inference_mode", "peft_version", "loftq_config", "eva_config", "corda_config", "lora_ga_config", "megatron_config", "megatron_core",
        "qalora_group_size", "runtime_config",
    };

    /// <summary>Ways to begin that change the base model's weights, so that the adapter fits only what came of them.</summary>
    private static readonly string[] ChangedBase = ["pissa", "olora", "loftq", "corda"];

    /// <exception cref="ModelException">There is no such file, it is damaged, or it asks for what is not supported.</exception>
    public static LoraConfig Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        var json = Parse(path);
        try
        {
            Check(json, path);
            return new LoraConfig
            {
                R = Rank(json["r"]?.GetValue<int>() ?? 8, "r"),
                LoraAlpha = json["lora_alpha"]?.GetValue<double>() ?? 8,
                LoraDropout = json["lora_dropout"]?.GetValue<double>() is { } dropout ? Dropout(dropout) : 0,
                UseRslora = json["use_rslora"]?.GetValue<bool>() ?? false,
                TargetModules = Choice(json["target_modules"]) ?? ModuleChoice.Default,
                ExcludeModules = Choice(json["exclude_modules"]),
                ModulesToSave = Texts(json["modules_to_save"]),
                LayersToTransform = json["layers_to_transform"] switch
                {
                    null => null,
                    JsonArray list => [.. list.Select(layer => layer!.GetValue<int>())],
                    var one => [one.GetValue<int>()],
                },
                RankPattern = Pattern(json["rank_pattern"], value => Rank(value.GetValue<int>(), "rank_pattern")),
                AlphaPattern = Pattern(json["alpha_pattern"], value => value.GetValue<double>()),
                BaseModelNameOrPath = json["base_model_name_or_path"]?.GetValue<string>(),
            };
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new ModelException($"{path} holds a value of the wrong kind ({error.Message}): save the adapter again with PEFT.", error);
        }

        int Rank(int value, string key) => value is >= 1 and <= 65_536
            ? value
            : throw new ModelException($"{path}: {key} must be from 1 to 65536, not {value}.");

        double Dropout(double value) => value is >= 0 and < 1
            ? value
            : throw new ModelException($"{path}: lora_dropout must be at least 0 and below 1, not {value}.");
    }

    private static JsonObject Parse(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelException(
                $"{Path.GetDirectoryName(path)} holds no {FileName}: is it an adapter's folder, as PEFT's save_pretrained() writes it?");
        }

        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path), documentOptions: new() { MaxDepth = 32, AllowDuplicateProperties = false }) as JsonObject
                ?? throw new ModelException($"{path} holds no JSON object.");
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            throw new ModelException($"{path} is no readable JSON object: {error.Message}", error);
        }
    }

    private static void Check(JsonObject json, string path)
    {
        var type = json["peft_type"]?.GetValue<string>() ?? "LORA";
        if (type != "LORA")
        {
            throw new ModelException($"{path} describes an adapter of the type {type}; only LORA is supported.");
        }

        if (json["bias"]?.GetValue<string>() is { } bias && bias != "none")
        {
            throw new ModelException($"{path}: bias is \"{bias}\", but biases are not trained with adapters here: only \"none\" is supported.");
        }

        foreach (var (key, value) in json.Where(pair => pair.Value is not null && !Known.Contains(pair.Key) && !IsOff(pair.Value)))
        {
            throw new ModelException(Unsupported.TryGetValue(key, out var meaning)
                ? $"{path}: {key} stands for {meaning}, which is not supported."
                : $"{path}: {key} is {value!.ToJsonString()}, an option that is not known here and may change results: "
                  + "merge the adapter with PEFT (merge_and_unload), or remove the key where it means nothing.");
        }

        if (json["layers_pattern"] is JsonValue pattern && pattern.GetValue<string>() != "layers")
        {
            throw new ModelException($"{path}: layers_pattern is \"{pattern}\", but the layers of these models are in \"layers\": set it to null.");
        }

        if (json["init_lora_weights"] is { } init && init.GetValueKind() == JsonValueKind.String
            && ChangedBase.FirstOrDefault(init.GetValue<string>().StartsWith) is { } changed)
        {
            throw new ModelException(
                $"{path}: init_lora_weights is \"{init}\", and {changed} changes the base model: convert the adapter with PEFT "
                + "(save_pretrained with path_initial_model_for_weight_conversion), or merge it there.");
        }
    }

    private static bool IsOff(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.False or JsonValueKind.Null => true,
        JsonValueKind.Array => value.AsArray().Count == 0,
        JsonValueKind.Object => value.AsObject().Count == 0,
        _ => false,
    };

    private static ModuleChoice? Choice(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => ModuleChoice.Of([.. list.Select(name => name!.GetValue<string>())]),
        _ => ModuleChoice.Parse(node.GetValue<string>()),
    };

    private static IReadOnlyList<string> Texts(JsonNode? node) =>
        node is null ? [] : [.. node.AsArray().Select(name => name!.GetValue<string>())];

    private static Dictionary<string, T> Pattern<T>(JsonNode? node, Func<JsonNode, T> value) =>
        node is null ? [] : node.AsObject().ToDictionary(pair => pair.Key, pair => value(pair.Value!), StringComparer.Ordinal);

    /// <summary>Writes the file as PEFT does, for use and not for training (<c>inference_mode</c>).</summary>
    internal static void Write(string directory, LoraConfig config)
    {
        static JsonNode? Json(ModuleChoice? choice) => choice is null ? null : choice.Text is { } text ? text : List(choice.Names);
        static JsonArray List(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];
        var json = new JsonObject
        {
            ["alpha_pattern"] = JsonSerializer.SerializeToNode(config.AlphaPattern),
            ["auto_mapping"] = null,
            ["base_model_name_or_path"] = config.BaseModelNameOrPath,
            ["bias"] = "none",
            ["exclude_modules"] = Json(config.ExcludeModules),
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["layer_replication"] = null,
            ["layers_pattern"] = null,
            ["layers_to_transform"] = JsonSerializer.SerializeToNode(config.LayersToTransform),
            ["loftq_config"] = new JsonObject(),
            ["lora_alpha"] = Whole(config.LoraAlpha),
            ["lora_bias"] = false,
            ["lora_dropout"] = config.LoraDropout,
            ["megatron_config"] = null,
            ["megatron_core"] = "megatron.core",
            ["modules_to_save"] = config.ModulesToSave.Count == 0 ? null : List(config.ModulesToSave),
            ["peft_type"] = "LORA",
            ["r"] = config.R,
            ["rank_pattern"] = JsonSerializer.SerializeToNode(config.RankPattern),
            ["revision"] = null,
            ["target_modules"] = Json(config.TargetModules),
            ["task_type"] = "CAUSAL_LM",
            ["use_dora"] = false,
            ["use_rslora"] = config.UseRslora,
        };
        File.WriteAllText(Path.Combine(directory, FileName), json.ToJsonString(PretrainedModel.Indented) + "\n");
    }

    /// <summary>PEFT declares alpha a whole number; a fraction is written as it is.</summary>
    private static JsonNode Whole(double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue ? (int)value : value;
}
