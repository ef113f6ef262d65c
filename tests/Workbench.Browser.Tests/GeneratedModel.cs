using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Browser.Tests;

/// <summary>
/// Writes a small, untrained Llama folder in Hugging Face's layout whose vocabulary is the words of a text.
/// </summary>
internal static class GeneratedModel
{
    private const int Hidden = 64, Layers = 3, Heads = 4, Intermediate = 176;

    public static void Write(string folder, IEnumerable<string> texts)
    {
        Directory.CreateDirectory(folder);
        var vocabulary = WriteTokenizer(folder, texts);
        WriteJson(folder, "config.json", new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["model_type"] = "llama",
            ["hidden_size"] = Hidden,
            ["intermediate_size"] = Intermediate,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads,
            ["num_key_value_heads"] = Heads,
            ["vocab_size"] = vocabulary,
            ["max_position_embeddings"] = 256,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["hidden_act"] = "silu",
            ["tie_word_embeddings"] = true,
            ["bos_token_id"] = 0,
            ["eos_token_id"] = 1,
            ["torch_dtype"] = "float32",
        });
        WriteWeights(Path.Combine(folder, "model.safetensors"), vocabulary);
    }

    /// <summary>Byte-level BPE whose merges build each word of the texts from its left, so that a word is one token.</summary>
    private static int WriteTokenizer(string folder, IEnumerable<string> texts)
    {
        var vocabulary = new JsonObject { ["<s>"] = 0, ["</s>"] = 1 };
        foreach (var character in ByteAlphabet())
        {
            vocabulary[character.ToString()] = vocabulary.Count;
        }

        var merges = new JsonArray();
        foreach (var word in texts.SelectMany(t => t.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal))
        {
            var built = "Ġ"; // byte-level BPE's sign for the space before a word
            foreach (var letter in word)
            {
                var next = built + letter;
                if (!vocabulary.ContainsKey(next))
                {
                    vocabulary[next] = vocabulary.Count;
                    merges.Add(new JsonArray(built, letter.ToString()));
                }

                built = next;
            }
        }

        JsonObject Special(int id, string content) => new()
        {
            ["id"] = id, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false,
            ["normalized"] = false, ["special"] = true,
        };
        WriteJson(folder, "tokenizer.json", new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(Special(0, "<s>"), Special(1, "</s>")),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["dropout"] = null, ["unk_token"] = null, ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null, ["fuse_unk"] = false, ["byte_fallback"] = false, ["ignore_merges"] = false,
                ["vocab"] = vocabulary, ["merges"] = merges,
            },
        });
        WriteJson(folder, "tokenizer_config.json", new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast", ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["model_max_length"] = 256,
        });
        return vocabulary.Count;
    }

    /// <summary>GPT-2's printable stand-ins for the 256 bytes (openai/gpt-2, encoder.py, bytes_to_unicode).</summary>
    private static IEnumerable<char> ByteAlphabet()
    {
        var shifted = 256;
        for (var b = 0; b < 256; b++)
        {
            yield return b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : (char)shifted++;
        }
    }

    private static void WriteWeights(string path, int vocabulary)
    {
        var random = new Random(42);
        var shapes = new List<(string Name, int[] Shape)> { ("model.embed_tokens.weight", [vocabulary, Hidden]), ("model.norm.weight", [Hidden]) };
        for (var layer = 0; layer < Layers; layer++)
        {
            var p = $"model.layers.{layer}.";
            shapes.AddRange(
            [
                (p + "self_attn.q_proj.weight", [Hidden, Hidden]), (p + "self_attn.k_proj.weight", [Hidden, Hidden]),
                (p + "self_attn.v_proj.weight", [Hidden, Hidden]), (p + "self_attn.o_proj.weight", [Hidden, Hidden]),
                (p + "mlp.gate_proj.weight", [Intermediate, Hidden]), (p + "mlp.up_proj.weight", [Intermediate, Hidden]),
                (p + "mlp.down_proj.weight", [Hidden, Intermediate]),
                (p + "input_layernorm.weight", [Hidden]), (p + "post_attention_layernorm.weight", [Hidden]),
            ]);
        }

        var header = new JsonObject();
        var offset = 0L;
        foreach (var (name, shape) in shapes)
        {
            var bytes = shape.Aggregate(4L, (product, side) => product * side);
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = JsonSerializer.SerializeToNode(shape),
                ["data_offsets"] = new JsonArray(offset, offset + bytes),
            };
            offset += bytes;
        }

        var head = Encoding.UTF8.GetBytes(header.ToJsonString());
        using var file = new BinaryWriter(File.Create(path));
        file.Write((ulong)head.Length);
        file.Write(head);
        Span<byte> value = stackalloc byte[4];
        foreach (var (_, shape) in shapes)
        {
            var count = shape.Aggregate(1, (product, side) => product * side);
            for (var i = 0; i < count; i++)
            {
                // Norms start at one, matrices as transformers starts them: normal with deviation 0.02 (a uniform of that deviation serves).
                BinaryPrimitives.WriteSingleLittleEndian(value, shape.Length == 1 ? 1f : (random.NextSingle() - 0.5f) * 0.0693f);
                file.Write(value);
            }
        }
    }

    private static void WriteJson(string folder, string name, JsonNode json) => File.WriteAllText(Path.Combine(folder, name), json.ToJsonString());
}
