using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Gguf;
using Workbench.Learning.Models.Safetensors;

namespace Workbench.Learning.Tests.Models;

public sealed class GgufExportTests : IDisposable
{
    private const string ByteLevelTokenizer = """
        {"normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},"decoder":{"type":"ByteLevel"},
         "model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"Ġ":3},"merges":["a b"]},
         "added_tokens":[{"id":4,"content":"<end>","special":true},{"id":5,"content":"<tool>","special":false},{"id":6,"content":"<|role|>","special":false}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model(TinyModel model, TensorType stored = TensorType.F32, string tokenizer = ByteLevelTokenizer)
    {
        var directory = model.Write(_folder["model"], stored);
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), tokenizer);
        File.WriteAllText(
            Path.Combine(directory, "tokenizer_config.json"), """{"tokenizer_class":"PreTrainedTokenizerFast","eos_token":"<end>","chat_template":"{{ messages[0].content }}"}""");
        return directory;
    }

    private GgufFileReader Export(string directory, GgufType type)
    {
        GgufExport.Write(directory, _folder["m.gguf"], "tiny", type);
        return new GgufFileReader(_folder["m.gguf"]);
    }

    private static float[] Stored(string directory, string name)
    {
        using var weights = SafetensorsFolder.Open(directory);
        var entry = weights.Entry(name);
        using var stream = weights.FileOf(name).OpenTensor(entry);
        var values = new float[entry.Count];
        stream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    [Fact]
    public void Float32_weights_are_those_of_the_model_with_queries_and_keys_ordered_for_neighbours()
    {
        var directory = Model(TinyModel.Untied);
        var config = TinyModel.Untied.Golden.GetProperty("config");
        var file = Export(directory, GgufType.F32);
        Assert.Equal(Stored(directory, "model.embed_tokens.weight"), file.Values("token_embd.weight"));
        Assert.Equal(Stored(directory, "lm_head.weight"), file.Values("output.weight"));
        Assert.Equal(Stored(directory, "model.layers.1.mlp.down_proj.weight"), file.Values("blk.1.ffn_down.weight"));
        Assert.Equal(Stored(directory, "model.layers.1.self_attn.v_proj.weight"), file.Values("blk.1.attn_v.weight"));
        Assert.Equal(Stored(directory, "model.norm.weight"), file.Values("output_norm.weight"));
        var (hidden, d) = (config.GetProperty("hidden_size").GetInt32(), config.GetProperty("head_dim").GetInt32());
        foreach (var (name, written, columns) in new[]
        {
            ("model.layers.0.self_attn.q_proj.weight", "blk.0.attn_q.weight", hidden), ("model.layers.1.self_attn.k_proj.weight", "blk.1.attn_k.weight", hidden),
            ("model.layers.0.self_attn.q_proj.bias", "blk.0.attn_q.bias", 1),
        })
        {
            var (before, after) = (Stored(directory, name), file.Values(written));
            for (var row = 0; row < before.Length / columns; row++)
            {
                // Row j + i·D/2 of a head, i being its half, goes to 2j + i: the two that rotate together become neighbours.
                var (head, half, j) = (row / d, row % d / (d / 2), row % (d / 2));
                var target = (head * d) + (2 * j) + half;
                Assert.Equal(before.AsSpan(row * columns, columns), after.AsSpan(target * columns, columns));
            }
        }
    }

    [Fact]
    public void Qwen_keeps_the_order_of_its_rows_and_has_its_norms_per_head()
    {
        var directory = Model(TinyModel.Named("qwen3"));
        var file = Export(directory, GgufType.F32);
        Assert.Equal("qwen3", file.Get<string>("general.architecture"));
        Assert.Equal(Stored(directory, "model.layers.0.self_attn.q_proj.weight"), file.Values("blk.0.attn_q.weight"));
        Assert.Equal(Stored(directory, "model.layers.0.self_attn.k_norm.weight"), file.Values("blk.0.attn_k_norm.weight"));
    }

    [Fact]
    public void The_shape_of_the_model_stands_under_llama_cpps_keys()
    {
        var config = TinyModel.Tied.Golden.GetProperty("config");
        var file = Export(Model(TinyModel.Tied), GgufType.F16);
        Assert.Equal("general.architecture", file.Metadata.Keys.First());
        Assert.Equal(("llama", "tiny", 1u), (file.Get<string>("general.architecture"), file.Get<string>("general.name"), file.Get<uint>("general.file_type")));
        foreach (var (key, name) in new[]
        {
            ("block_count", "num_hidden_layers"), ("context_length", "max_position_embeddings"), ("embedding_length", "hidden_size"),
            ("feed_forward_length", "intermediate_size"), ("attention.head_count", "num_attention_heads"), ("attention.head_count_kv", "num_key_value_heads"),
            ("vocab_size", "vocab_size"),
        })
        {
            Assert.Equal(config.GetProperty(name).GetUInt32(), file.Get<uint>($"llama.{key}"));
        }

        Assert.Equal(config.GetProperty("rms_norm_eps").GetSingle(), file.Get<float>("llama.attention.layer_norm_rms_epsilon"));
        Assert.DoesNotContain("output.weight", file.Tensors.Keys); // tied: llama.cpp takes token_embd
        Assert.Equal([config.GetProperty("hidden_size").GetInt64(), config.GetProperty("vocab_size").GetInt64()], file.Tensors["token_embd.weight"].Shape);
        Assert.Equal(0u, file.Tensors["blk.0.attn_norm.weight"].Type);
        Assert.Equal(1u, file.Tensors["blk.0.attn_q.weight"].Type);
    }

    [Fact]
    public void The_stretched_frequencies_of_Llama_3_are_factors()
    {
        var config = TinyModel.Named("llama3").Golden.GetProperty("config");
        var scaling = config.GetProperty("rope_scaling");
        var (factor, low, high, old) = (Number("factor"), Number("low_freq_factor"), Number("high_freq_factor"), Number("original_max_position_embeddings"));
        var file = Export(Model(TinyModel.Named("llama3")), GgufType.F32);
        var factors = file.Values("rope_freqs.weight");
        var d = 2 * factors.Length;
        for (var i = 0; i < factors.Length; i++)
        {
            // transformers, modeling_rope_utils.py, _compute_llama3_parameters: by wave length.
            var wave = 2 * Math.PI * Math.Pow(config.GetProperty("rope_theta").GetDouble(), 2.0 * i / d);
            var smooth = ((old / wave) - low) / (high - low);
            var expected = wave > old / low ? factor : wave < old / high ? 1 : 1 / (((1 - smooth) / factor) + smooth);
            Assert.Equal(expected, factors[i], 1e-5);
        }

        Assert.Equal(factor, factors[^1], 1e-5); // the longest wave is stretched whole

        double Number(string name) => scaling.GetProperty(name).GetDouble();
    }

    [Theory]
    [InlineData(GgufType.F16, 1 / 2048f)]
    [InlineData(GgufType.BF16, 1 / 256f)]
    public void Half_types_round_to_the_nearest(GgufType type, float unit)
    {
        var directory = Model(TinyModel.Named("qwen2"));
        var (exact, written) = (Stored(directory, "model.layers.0.mlp.up_proj.weight"), Export(directory, type).Values("blk.0.ffn_up.weight"));
        Assert.Equal(exact.Length, written.Length);
        Assert.All(exact.Zip(written), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Math.Abs(pair.First) * unit));
        Assert.Contains(exact.Zip(written), pair => pair.First != pair.Second);
    }

    [Fact]
    public void Q8_0_is_a_scale_and_32_whole_numbers()
    {
        // max|x| is 127, so the scale is 1 and a number is what it rounds to, halves away from zero.
        float[] values = [127, -127, 0.5f, -0.5f, 2.5f, -2.5f, 0.49f, 126.4f, .. Enumerable.Range(0, 24).Select(i => (float)i)];
        var bytes = new byte[34];
        GgufNumbers.Encode(values, GgufType.Q8, bytes);
        Assert.Equal(1f, (float)BitConverter.ToHalf(bytes));
        Assert.Equal([127, -127, 1, -1, 3, -3, 0, 126, .. Enumerable.Range(0, 24)], bytes[2..].Select(b => (int)(sbyte)b));
        GgufNumbers.Encode(new float[32], GgufType.Q8, bytes);
        Assert.Equal(new byte[34], bytes);
    }

    [Fact]
    public void Q8_0_of_a_model_is_within_half_a_step_and_odd_rows_are_float16()
    {
        var directory = Shared.Require("assets/models/stories260K-hf");
        var file = Export(directory, GgufType.Q8);
        var (exact, written) = (Stored(directory, "model.layers.2.mlp.gate_proj.weight"), file.Values("blk.2.ffn_gate.weight"));
        Assert.Equal(8u, file.Tensors["blk.2.ffn_gate.weight"].Type);
        foreach (var block in exact.Zip(written).Chunk(32))
        {
            var step = block.Max(pair => Math.Abs(pair.First)) / 127;
            Assert.All(block, pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, step * 0.57f)); // half a step, and the float16 scale's rounding of up to 127 steps
        }

        Assert.Equal(1u, file.Tensors["blk.2.ffn_down.weight"].Type); // 172 columns are no whole number of blocks
    }

    [Fact]
    public void A_byte_level_tokenizer_and_the_template_are_inside()
    {
        var file = Export(Model(TinyModel.Tied), GgufType.F32);
        var rows = (int)file.Get<uint>("llama.vocab_size");
        Assert.Equal(("gpt2", "gpt-2"), (file.Get<string>("tokenizer.ggml.model"), file.Get<string>("tokenizer.ggml.pre")));
        var tokens = file.Get<object[]>("tokenizer.ggml.tokens");
        Assert.Equal(rows, tokens.Length);
        Assert.Equal(["a", "b", "ab", "Ġ", "<end>", "<tool>", "<|role|>", "[PAD7]", "[PAD8]"], tokens[..9]);
        Assert.Equal([1, 1, 1, 1, 3, 4, 3, 5, 5], file.Get<object[]>("tokenizer.ggml.token_type")[..9]);
        Assert.Equal(["a b"], file.Get<object[]>("tokenizer.ggml.merges"));
        Assert.Equal(4u, file.Get<uint>("tokenizer.ggml.eos_token_id"));
        Assert.False(file.Get<bool>("tokenizer.ggml.add_bos_token"));
        Assert.Equal("{{ messages[0].content }}", file.Get<string>("tokenizer.chat_template"));
    }

    [Fact]
    public void A_SentencePiece_tokenizer_has_scores_that_order_its_merges()
    {
        var directory = Shared.Require("assets/models/stories260K-hf");
        var file = Export(directory, GgufType.F32);
        Assert.Equal(("llama", "default"), (file.Get<string>("tokenizer.ggml.model"), file.Get<string>("tokenizer.ggml.pre")));
        Assert.Equal((1u, 2u), (file.Get<uint>("tokenizer.ggml.bos_token_id"), file.Get<uint>("tokenizer.ggml.eos_token_id")));
        Assert.True(file.Get<bool>("tokenizer.ggml.add_bos_token"));
        Assert.True(file.Get<bool>("tokenizer.ggml.add_space_prefix"));
        var types = file.Get<object[]>("tokenizer.ggml.token_type").Cast<int>().ToList();
        Assert.Equal([2, 3, 3], types[..3]);
        Assert.Equal(256, types.Count(type => type == 6));
        var scores = file.Get<object[]>("tokenizer.ggml.scores").Cast<float>().ToList();
        var model = JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "tokenizer.json")))!["model"]!;
        var made = model["merges"]!.AsArray().Select(merge => (int)model["vocab"]![string.Concat(merge!.GetValueKind() == JsonValueKind.Array
            ? merge.AsArray().Select(part => (string)part!) : ((string)merge!).Split(' '))]!).Distinct().ToList();
        Assert.Equal(made, made.OrderByDescending(id => scores[id]));
    }

    [Theory]
    [InlineData("Llama3", true, "llama-bpe")]
    [InlineData("Llama3", false, "dbrx")]
    [InlineData("Qwen2", false, "qwen2")]
    [InlineData("Digits", false, "smollm")]
    public void The_pre_tokenizer_is_called_by_what_it_does(string kind, bool ignoreMerges, string name)
    {
        const string Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}NUMBERS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
        var first = kind == "Digits"
            ? """{"type":"Digits","individual_digits":true}"""
            : $$"""{"type":"Split","behavior":"Isolated","invert":false,"pattern":{ "Regex":{{JsonSerializer.Serialize(Pattern.Replace("NUMBERS", kind == "Llama3" ? "{1,3}" : ""))}} } }""";
        var tokenizer = JsonNode.Parse(ByteLevelTokenizer)!;
        tokenizer["pre_tokenizer"] = JsonNode.Parse(
            $$"""{"type":"Sequence","pretokenizers":[{{first}},{"type":"ByteLevel","add_prefix_space":false,"use_regex":{{(kind == "Digits" ? "true" : "false")}}}]}""");
        tokenizer["model"]!["ignore_merges"] = ignoreMerges;
        Assert.Equal(name, Export(Model(TinyModel.Tied, tokenizer: tokenizer.ToJsonString()), GgufType.F32).Get<string>("tokenizer.ggml.pre"));
    }

    [Theory]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":true}""", "no pre-tokenizer like its own")]
    [InlineData("normalizer", """{"type":"Lowercase"}""", "no normalizer like its Lowercase")]
    [InlineData("decoder", "null", "neither byte_fallback")]
    [InlineData("model", """{"type":"WordLevel","vocab":{"a":0,"<unk>":1},"unk_token":"<unk>"}""", "only plain BPE")]
    public void A_tokenizer_that_llama_cpp_would_get_wrong_is_refused_and_nothing_is_written(string part, string json, string reason)
    {
        var tokenizer = JsonNode.Parse(ByteLevelTokenizer)!;
        tokenizer[part] = JsonNode.Parse(json);
        var directory = Model(TinyModel.Tied, tokenizer: tokenizer.ToJsonString());
        var error = Assert.Throws<ModelException>(() => GgufExport.Write(directory, _folder["m.gguf"], "tiny", GgufType.F32));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("Hugging Face folder", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.gguf*"));
    }

    [Fact]
    public void A_weight_beyond_float16_is_refused_by_name_and_nothing_is_left()
    {
        var directory = Model(TinyModel.Tied);
        using (var weights = File.Open(Path.Combine(directory, "model.safetensors"), FileMode.Open, FileAccess.ReadWrite))
        {
            weights.Seek(-4, SeekOrigin.End);
            weights.Write(BitConverter.GetBytes(1e6f)); // the last tensor in the file is model.norm.weight: a vector, float32 whatever is asked for
        }

        Export(directory, GgufType.F16);
        File.Delete(_folder["m.gguf"]);
        using (var file = SafetensorsFile.Open(Path.Combine(directory, "model.safetensors")))
        {
            var offset = file.Entry("model.embed_tokens.weight").Offset;
            file.Dispose();
            using var weights = File.Open(Path.Combine(directory, "model.safetensors"), FileMode.Open, FileAccess.ReadWrite);
            weights.Seek(offset, SeekOrigin.Begin);
            weights.Write(BitConverter.GetBytes(1e6f));
        }

        var error = Assert.Throws<ModelException>(() => GgufExport.Write(directory, _folder["m.gguf"], "tiny", GgufType.F16));
        Assert.Contains("model.embed_tokens.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("BF16", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.gguf*"));
    }

    [Fact]
    public void Hugging_Faces_own_reader_finds_the_same_keys_and_tensors()
    {
        var directory = Shared.Require("assets/models/stories260K-hf");
        var package = NpmPackages.Require("@huggingface/gguf", "0.4.6");
        var mine = Export(directory, GgufType.Q8);
        var script = $$"""
            import { gguf } from {{JsonSerializer.Serialize(Path.Combine(package, "dist", "index.mjs"))}};
            const file = await gguf({{JsonSerializer.Serialize(_folder["m.gguf"])}}, { allowLocalFile: true });
            console.log(JSON.stringify({ metadata: file.metadata, tensors: file.tensorInfos }, (_, value) => typeof value === "bigint" ? Number(value) : value));
            """;
        File.WriteAllText(_folder["read.mjs"], script);
        using var node = Process.Start(new ProcessStartInfo("node", [_folder["read.mjs"]]) { RedirectStandardOutput = true })!;
        using var read = JsonDocument.Parse(node.StandardOutput.ReadToEnd());
        var metadata = read.RootElement.GetProperty("metadata");
        Assert.All(mine.Metadata, value => Assert.True(metadata.TryGetProperty(value.Key, out _), value.Key));
        Assert.Equal(512, metadata.GetProperty("tokenizer.ggml.tokens").GetArrayLength());
        Assert.Equal("llama", metadata.GetProperty("general.architecture").GetString());
        Assert.Equal(7, metadata.GetProperty("general.file_type").GetInt32());
        var tensors = read.RootElement.GetProperty("tensors").EnumerateArray().ToDictionary(tensor => tensor.GetProperty("name").GetString()!);
        Assert.Equal(mine.Tensors.Keys.Order(), tensors.Keys.Order());
        Assert.All(mine.Tensors, tensor => Assert.Equal(
            (tensor.Value.Type, tensor.Value.Offset, string.Join(",", tensor.Value.Shape)),
            (tensors[tensor.Key].GetProperty("dtype").GetUInt32(), tensors[tensor.Key].GetProperty("offset").GetInt64(),
                string.Join(",", tensors[tensor.Key].GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())))));
    }
}
