using System.Text.Json.Nodes;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;

namespace Workbench.Learning.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private const string Tokenizer = """{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[]},"added_tokens":[{"id":60,"content":"<end>","special":true}]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model(Action<JsonObject>? change = null)
    {
        var directory = TinyModel.Tied.Write(_folder["m"]);
        var path = Path.Combine(directory, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change?.Invoke(config);
        File.WriteAllText(path, config.ToJsonString());
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), Tokenizer);
        return directory;
    }

    private static string Refused(string directory) => Assert.Throws<ModelException>(() => PretrainedModel.Load(directory).Dispose()).Message;

    [Fact]
    public void A_sound_folder_is_described()
    {
        var description = ModelInspector.Inspect(Model());
        Assert.Empty(description.Problems);
        // 61*16 + 2*(16 + 16*16 + 2*8*16 + 16*16 + 16 + 3*16*24) + 16
        Assert.Equal(
            ("LlamaForCausalLM", 4896L, 61, 16, 2, 64, "float32", false),
            (description.Architecture, description.ParameterCount, description.VocabSize, description.HiddenSize, description.Layers,
                description.ContextLength, description.Dtype, description.HasChatTemplate));
    }

    [Fact]
    public void Inspection_says_everything_that_is_wrong_without_throwing()
    {
        var description = ModelInspector.Inspect(_folder["none"]);
        Assert.Contains("There is no folder", Assert.Single(description.Problems), StringComparison.Ordinal);

        var directory = Model(config => config["vocab_size"] = 50);
        File.Delete(Path.Combine(directory, "model.safetensors"));
        description = ModelInspector.Inspect(directory);
        Assert.Contains(description.Problems, problem => problem.Contains("holds no weights", StringComparison.Ordinal));
        Assert.Contains(description.Problems, problem => problem.Contains("only 50 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vocabulary_larger_than_the_embedding_is_refused_with_both_sizes()
    {
        var directory = Model();
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), Tokenizer.Replace("60", "61", StringComparison.Ordinal));
        var message = Refused(directory);
        Assert.Contains("ids up to 61 (\"<end>\")", message, StringComparison.Ordinal);
        Assert.Contains("only 61 rows", message, StringComparison.Ordinal);
        Assert.Contains("resize_token_embeddings(62)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_weights_are_refused()
    {
        var directory = Model();
        using (var file = new FileStream(Path.Combine(directory, "model.safetensors"), FileMode.Open))
        {
            file.SetLength(file.Length - 100);
        }

        Assert.Contains("truncated", Refused(directory), StringComparison.Ordinal);
    }

    public static TheoryData<string, string?, string> BadConfigs => new()
    {
        { "architectures", "[\"GPT2LMHeadModel\"]", "the architecture GPT2LMHeadModel is not supported; supported: LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM" },
        { "rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":8}", "rope_scaling of type \"llama3\" lacks low_freq_factor" },
        { "rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":8}", "rope_scaling of type \"yarn\" is not supported; linear and llama3 are" },
        { "hidden_act", "\"gelu\"", "hidden_act \"gelu\" is not supported" },
        { "quantization_config", "{\"quant_method\":\"gptq\"}", "quantised (gptq)" },
        { "hidden_size", null, "hidden_size is missing" },
        { "hidden_size", "\"16\"", "hidden_size must be a whole number" },
        { "hidden_size", "0", "hidden_size must be a whole number from 1" },
        { "hidden_size", "-16", "hidden_size must be a whole number from 1" },
        { "num_hidden_layers", "100000000", "num_hidden_layers must be a whole number from 1 to 10000" },
        { "num_key_value_heads", "3", "no multiple of num_key_value_heads" },
        { "head_dim", "3", "must be even" },
        { "rope_theta", "-1", "rope_theta must be a number above 0" },
        { "tie_word_embeddings", "1", "tie_word_embeddings must be true or false" },
        { "tie_word_embeddings", "false", "" }, // the embedding then stands for the projection, as transformers loads it
        { "num_hidden_layers", "3", "no tensor \"model.layers.2.input_layernorm.weight\"" },
        { "intermediate_size", "25", "has the shape [24, 16], but config.json makes it [25, 16]" },
    };

    [Theory]
    [MemberData(nameof(BadConfigs))]
    public void A_configuration_that_cannot_be_computed_is_refused_by_name(string key, string? value, string message)
    {
        var directory = Model(config =>
        {
            config.Remove(key);
            if (value is not null)
            {
                config[key] = JsonNode.Parse(value);
            }
        });
        if (message.Length > 0)
        {
            Assert.Contains(message, Refused(directory), StringComparison.Ordinal);
        }
        else
        {
            PretrainedModel.Load(directory).Dispose();
        }
    }

    [Theory]
    [InlineData("{", "no readable JSON object")]
    [InlineData("[]", "no readable JSON object")]
    [InlineData("null", "null instead of an object")]
    [InlineData("""{"a":1,"a":2}""", "no readable JSON object")]
    [InlineData("""{"model_type":"llama"}""", "num_attention_heads is missing")]
    public void A_broken_config_file_is_refused(string text, string message)
    {
        var directory = Model();
        File.WriteAllText(Path.Combine(directory, "config.json"), text);
        var refused = Refused(directory);
        Assert.Contains("config.json", refused, StringComparison.Ordinal);
        Assert.Contains(message, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_configurations_read_as_transformers_would()
    {
        var config = DecoderConfigReader.Read(Shared.Require("assets/models/stories260K-hf"));
        Assert.Equal((512, 64, 172, 5, 8, 4, 8, 512), (config.VocabSize, config.HiddenSize, config.IntermediateSize, config.NumHiddenLayers,
            config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim, config.MaxPositionEmbeddings));
        Assert.True(config.TieWordEmbeddings);
    }
}
