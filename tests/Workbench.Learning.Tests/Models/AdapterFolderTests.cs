using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Models.Safetensors;
using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Models;

/// <summary>Folders as PEFT 0.17 writes them, and what may be wrong with them.</summary>
public sealed class AdapterFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DecoderModel _model;

    public AdapterFolderTests() => _model = PretrainedModel.Load(TinyModel.Tied.Write(_folder["base"]));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    /// <summary>Writes a fresh adapter of q_proj and v_proj, and edits its configuration and its tensors.</summary>
    private string Write(Action<JsonObject>? edit = null, Action<Dictionary<string, Tensor>>? tensors = null, LoraConfig? config = null)
    {
        Directory.CreateDirectory(_folder["adapter"]);
        using var generator = new Generator(1);
        using var adapter = LoraAdapter.Create(config ?? new LoraConfig { R = 4, BaseModelNameOrPath = "org/base" }, _model, generator);
        AdapterFolder.Write(adapter, _folder["adapter"], _folder["base"]);
        if (edit is not null)
        {
            var path = Path.Combine(_folder["adapter"], LoraConfigFile.FileName);
            var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            edit(json);
            File.WriteAllText(path, json.ToJsonString());
        }

        if (tensors is not null)
        {
            var path = Path.Combine(_folder["adapter"], AdapterFolder.WeightsName);
            var all = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            using (var file = SafetensorsFile.Open(path))
            {
                foreach (var name in file.Header.Tensors.Keys)
                {
                    all[name] = TensorStorage.Read(file, file.Entry(name), CPU);
                }
            }

            tensors(all);
            SafetensorsWriter.Write(path, all.Select(pair => TensorStorage.Source(pair.Key, pair.Value)));
        }

        return _folder["adapter"];
    }

    private string Refusal(string directory) => Assert.Throws<ModelException>(() => AdapterFolder.Read(directory, _model).Dispose()).Message;

    [Fact]
    public void Names_and_keys_are_those_of_PEFT()
    {
        Write(config: new LoraConfig { R = 4, LoraAlpha = 8, ModulesToSave = ["lm_head", "embed_tokens"], BaseModelNameOrPath = "org/base" });
        using var file = SafetensorsFile.Open(Path.Combine(_folder["adapter"], AdapterFolder.WeightsName));
        Assert.Equal([4, 16], file.Entry("base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight").Shape);
        Assert.Equal([8, 4], file.Entry("base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight").Shape);
        Assert.Equal([61, 16], file.Entry("base_model.model.lm_head.weight").Shape);
        Assert.Equal([61, 16], file.Entry("base_model.model.model.embed_tokens.weight").Shape);
        Assert.Equal(10, file.Header.Tensors.Count);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["adapter"], LoraConfigFile.FileName)))!.AsObject();
        Assert.Equal("LORA", json["peft_type"]!.GetValue<string>());
        Assert.Equal("CAUSAL_LM", json["task_type"]!.GetValue<string>());
        Assert.Equal("""["q_proj","v_proj"]""", json["target_modules"]!.ToJsonString());
        Assert.Equal("8", json["lora_alpha"]!.ToJsonString());
        Assert.Equal("org/base", json["base_model_name_or_path"]!.GetValue<string>());
    }

    [Fact]
    public void Patterns_ranks_layers_and_exceptions_are_read_as_PEFT_means_them()
    {
        var config = new LoraConfig
        {
            R = 4,
            LoraAlpha = 8,
            TargetModules = ModuleChoice.Parse(@".*layers\.[01]\.(self_attn\.[qk]_proj|mlp\.down_proj)"),
            ExcludeModules = ModuleChoice.Of("k_proj"),
            LayersToTransform = [1],
            RankPattern = new Dictionary<string, int> { ["layers.1.mlp.down_proj"] = 2 },
            AlphaPattern = new Dictionary<string, double> { ["q_proj"] = 20 },
        };
        using var read = AdapterFolder.Read(Write(config: config), _model);
        Assert.Equal(
            [("model.layers.1.self_attn.q_proj", 4, 5.0), ("model.layers.1.mlp.down_proj", 2, 4.0)],
            read.Modules.Select(module => (module.Name, (int)module.A.shape[0], module.Scale)));
    }

    public static TheoryData<string, string, string> Unsupported => new()
    {
        { "use_dora", "true", "DoRA" },
        { "peft_type", "\"IA3\"", "only LORA" },
        { "bias", "\"all\"", "only \"none\"" },
        { "lora_bias", "true", "biases on B" },
        { "fan_in_fan_out", "true", "transposed" },
        { "trainable_token_indices", "[5]", "single trained tokens" },
        { "use_later_invention", "true", "not known here" },
        { "layers_pattern", "\"h\"", "layers_pattern" },
        { "init_lora_weights", "\"pissa_niter_4\"", "changes the base model" },
        { "r", "0", "from 1 to 65536" },
        { "r", "\"8\"", "wrong kind" },
        { "lora_dropout", "1.5", "below 1" },
        { "target_modules", "[\"c_attn\"]", "choose among q_proj, k_proj" },
        { "target_modules", "[\"lm_head\"]", "modules_to_save" },
        { "target_modules", "\"(\"", "no regular expression" },
        { "target_modules", "\"(a+)+b\"", "leaves no module" },
        { "modules_to_save", "[\"router\"]", "choose among embed_tokens, input_layernorm" },
        { "modules_to_save", "[\"q_proj\"]", "by one of the two" },
        { "r", "8", "has the rank 4" },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void What_is_not_supported_or_does_not_fit_is_refused_by_name(string key, string value, string said) =>
        Assert.Contains(said, Refusal(Write(json => json[key] = JsonNode.Parse(value))), StringComparison.Ordinal);

    [Fact]
    public void Missing_unexpected_and_misshapen_tensors_are_named()
    {
        const string A = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
        Assert.Contains($"no tensor \"{A}\"", Refusal(Write(tensors: all => all.Remove(A))), StringComparison.Ordinal);
        Assert.Contains("do not call for, such as \"model.extra.lora_A.weight\"",
            Refusal(Write(tensors: all => all["base_model.model.model.extra.lora_A.weight"] = zeros(2, 2))), StringComparison.Ordinal);
        Assert.Contains("low-rank adapters of embeddings",
            Refusal(Write(tensors: all => all["base_model.model.model.embed_tokens.lora_embedding_A"] = zeros(2, 2))), StringComparison.Ordinal);
        Assert.Contains("made for another model (org/base)", Refusal(Write(tensors: all => all[A] = zeros(4, 12))), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_pickles_are_refused_with_the_remedy()
    {
        Assert.Contains("no adapter_config.json", Refusal(_folder["base"]), StringComparison.Ordinal);
        var weights = Path.Combine(Write(), AdapterFolder.WeightsName);
        File.Delete(weights);
        Assert.Contains("download complete", Refusal(_folder["adapter"]), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder["adapter"], "adapter_model.bin"), "");
        Assert.Contains("pickle", Refusal(_folder["adapter"]), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder["adapter"], LoraConfigFile.FileName), "[]");
        Assert.Contains("no JSON object", Refusal(_folder["adapter"]), StringComparison.Ordinal);
        Assert.Contains("is no folder here", Assert.Throws<ModelException>(() => MergedModel.BaseOf(Write())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_that_PEFT_saved_unasked_are_taken()
    {
        using var read = AdapterFolder.Read(
            Write(tensors: all => all["base_model.model.model.embed_tokens.weight"] = ones(61, 16)), _model);
        Assert.Contains(read.Parameters, parameter => parameter.Name == "model.embed_tokens.weight");
    }
}
