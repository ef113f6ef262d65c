using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Benchmarks.Kills;

/// <summary>A small model and rows, made up of random numbers: enough to see whether two runs are one and the same.</summary>
internal static class KillsWorld
{
    private const int Vocabulary = 512;
    private const int Width = 64;
    private const int Inner = 128;
    private const int Layers = 2;

    private const string Characters = "abcdefghijklmnopqrstuvwxyz ";

    /// <summary>Writes the model folder and a file of rows for each kind of method; returns the folder.</summary>
    public static string Write(string folder)
    {
        var random = new Random(5);
        var model = Directory.CreateDirectory(Path.Combine(folder, "model")).FullName;
        File.WriteAllText(Path.Combine(model, "config.json"), string.Create(CultureInfo.InvariantCulture, $$"""
            {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_act":"silu","vocab_size":{{Vocabulary}},"hidden_size":{{Width}},
            "intermediate_size":{{Inner}},"num_hidden_layers":{{Layers}},"num_attention_heads":4,"num_key_value_heads":2,"rms_norm_eps":1e-5,
            "rope_theta":10000,"max_position_embeddings":256,"tie_word_embeddings":true}
            """));
        WriteWeights(Path.Combine(model, "model.safetensors"), random);
        int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];
        object Answer(int[] prompt)
        {
            int[] ids = [.. prompt, .. Ids(random.Next(5, 40))];
            return new { input_ids = ids, labels = ids.Select((id, i) => i < prompt.Length ? -100 : id) };
        }

        File.WriteAllLines(Path.Combine(folder, "rows.jsonl"), Enumerable.Range(0, 200).Select(_ => JsonSerializer.Serialize(Answer(Ids(8)))));
        File.WriteAllLines(Path.Combine(folder, "pairs.jsonl"), Enumerable.Range(0, 100).Select(_ =>
        {
            var prompt = Ids(8);
            return JsonSerializer.Serialize(new { chosen = Answer(prompt), rejected = Answer(prompt) });
        }));
        var labels = 0;
        File.WriteAllLines(
            Path.Combine(folder, "judged.jsonl"),
            File.ReadLines(Path.Combine(folder, "rows.jsonl")).Select(row => $"{row[..^1]},\"label\":{(labels++ % 3 == 0 ? "true" : "false")}}}"));

        WriteTokenizer(model);
        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Characters[random.Next(Characters.Length)]));
        File.WriteAllLines(Path.Combine(folder, "texts.jsonl"), Enumerable.Range(0, 200).Select(_ => JsonSerializer.Serialize(new { text = Text(random.Next(5, 90)) })));
        File.WriteAllLines(Path.Combine(folder, "prompts.jsonl"), Enumerable.Range(0, 50).Select(_ => JsonSerializer.Serialize(new { prompt = Text(6), answer = "a" })));
        return folder;
    }

    /// <summary>A token a character: enough for methods that read or write text.</summary>
    private static void WriteTokenizer(string model)
    {
        string[] special = ["<unk>", "</s>"];
        var tokens = special.Concat(Characters.Select(character => character.ToString())).ToList();
        File.WriteAllText(Path.Combine(model, "tokenizer.json"), JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = special.Select((content, id) => new { id, content, single_word = false, lstrip = false, rstrip = false, normalized = false, special = true }),
            decoder = new { type = "Fuse" },
            model = new { type = "BPE", unk_token = "<unk>", vocab = tokens.Index().ToDictionary(token => token.Item, token => token.Index), merges = Array.Empty<string>() },
        }));
        File.WriteAllText(Path.Combine(model, "tokenizer_config.json"), """{"tokenizer_class":"PreTrainedTokenizerFast","eos_token":"</s>","unk_token":"<unk>"}""");
    }

    /// <summary>The runs to kill: every method, SFT with every source of randomness and a narrow optimizer, SFT and DPO with adapters too.</summary>
    public static IEnumerable<JsonObject> Configurations(string folder)
    {
        JsonObject Config(string name, string method, string rows, params (string Key, JsonNode Value)[] options)
        {
            var config = new JsonObject
            {
                ["run_name"] = name, ["method"] = method, ["model_name_or_path"] = Path.Combine(folder, "model"),
                ["dataset"] = Path.Combine(folder, rows), ["max_steps"] = 120, ["per_device_train_batch_size"] = 4,
                ["gradient_accumulation_steps"] = 2, ["learning_rate"] = 1e-3, ["logging_steps"] = 3, ["save_steps"] = 7,
                ["save_total_limit"] = 2, ["lr_scheduler_type"] = "cosine", ["warmup_ratio"] = 0.1, ["device"] = "cpu",
            };
            foreach (var (key, value) in options)
            {
                config[key] = value;
            }

            return config;
        }

        yield return Config("sft", "sft", "rows.jsonl", ("neftune_noise_alpha", 5.0));
        yield return Config("sft-8bit", "sft", "rows.jsonl", ("optim", "adamw_8bit"), ("label_smoothing_factor", 0.1));
        yield return Config("dpo", "dpo", "pairs.jsonl", ("learning_rate", 1e-4), ("per_device_train_batch_size", 2));
        yield return Config("sft-lora", "sft", "rows.jsonl", ("use_peft", true), ("lora_target_modules", "all-linear"), ("lora_dropout", 0.1), ("learning_rate", 1e-2),
            ("neftune_noise_alpha", 5.0));
        yield return Config("dpo-lora", "dpo", "pairs.jsonl", ("use_peft", true), ("learning_rate", 1e-3), ("per_device_train_batch_size", 2), ("precompute_ref_log_probs", true));
        yield return Config("pretrain", "pretrain", "texts.jsonl", ("max_length", 64), ("packing", true));
        yield return Config("kto", "kto", "judged.jsonl", ("learning_rate", 1e-4));
        yield return Config("orpo", "orpo", "pairs.jsonl", ("per_device_train_batch_size", 2));
        yield return Config("simpo", "cpo", "pairs.jsonl", ("loss_type", "simpo"), ("learning_rate", 1e-4), ("per_device_train_batch_size", 2));
        yield return Config("grpo", "grpo", "prompts.jsonl", ("num_generations", 4), ("max_completion_length", 12), ("max_steps", 30), ("save_steps", 2),
            ("reward_funcs", new JsonArray("regex")), ("reward_kwargs", JsonNode.Parse("""{"regex":{"pattern":"[a-m]"}}""")!), ("beta", 0.05));
        yield return Config("grpo-iterations", "grpo", "prompts.jsonl", ("num_generations", 4), ("max_completion_length", 12), ("max_steps", 30), ("save_steps", 3),
            ("num_iterations", 2), ("reward_funcs", new JsonArray("regex")), ("reward_kwargs", JsonNode.Parse("""{"regex":{"pattern":"[a-m]"}}""")!), ("beta", 0.05));
    }

    private static void WriteWeights(string path, Random random)
    {
        var tensors = new List<(string Name, int[] Shape)> { ("model.embed_tokens.weight", [Vocabulary, Width]) };
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.");
            tensors.AddRange(
            [
                (prefix + "input_layernorm.weight", [Width]), (prefix + "post_attention_layernorm.weight", [Width]),
                (prefix + "self_attn.q_proj.weight", [Width, Width]), (prefix + "self_attn.k_proj.weight", [Width / 2, Width]),
                (prefix + "self_attn.v_proj.weight", [Width / 2, Width]), (prefix + "self_attn.o_proj.weight", [Width, Width]),
                (prefix + "mlp.gate_proj.weight", [Inner, Width]), (prefix + "mlp.up_proj.weight", [Inner, Width]),
                (prefix + "mlp.down_proj.weight", [Width, Inner]),
            ]);
        }

        tensors.Add(("model.norm.weight", [Width]));
        var (header, offset) = (new JsonObject(), 0);
        foreach (var (name, shape) in tensors)
        {
            var bytes = shape.Aggregate(1, (a, b) => a * b) * sizeof(float);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32", ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]), ["data_offsets"] = new JsonArray(offset, offset + bytes),
            };
            offset += bytes;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, json.Length);
        file.Write(number);
        file.Write(json);
        foreach (var (name, shape) in tensors)
        {
            for (var i = shape.Aggregate(1, (a, b) => a * b); i > 0; i--)
            {
                BinaryPrimitives.WriteSingleLittleEndian(number, shape.Length == 1 ? 1 : (float)((random.NextDouble() - 0.5) / 8));
                file.Write(number, 0, sizeof(float));
            }
        }
    }
}
