using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Hub;

namespace Workbench.Learning.Tests.Models;

public sealed class UntrainedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_start_as_transformers_starts_a_Llama()
    {
        UntrainedModel.Write(_folder.Path, Config("LlamaForCausalLM"), seed: 1);

        using var scope = torch.NewDisposeScope();
        using var model = PretrainedModel.Load(_folder.Path);
        Assert.All(model.Weights, weight =>
        {
            var values = weight.Weight.detach();
            if (weight.Weight.dim() == 1)
            {
                Assert.True(values.eq(torch.ones_like(values)).all().item<bool>(), weight.Name);
            }
            else
            {
                // 2,048 values or more: mean and deviation lie within four standard errors of 0 and 0.02 (initializer_range).
                Assert.InRange(values.mean().item<float>(), -0.0018f, 0.0018f);
                Assert.InRange(values.pow(2).mean().sqrt().item<float>(), 0.0187f, 0.0213f);
            }
        });
    }

    [Fact]
    public void The_same_seed_gives_the_same_file()
    {
        var (first, second) = (Path.Combine(_folder.Path, "a"), Path.Combine(_folder.Path, "b"));
        UntrainedModel.Write(first, Config("LlamaForCausalLM"), seed: 7);
        UntrainedModel.Write(second, Config("LlamaForCausalLM"), seed: 7);

        Assert.Equal(File.ReadAllBytes(Path.Combine(first, "model.safetensors")), File.ReadAllBytes(Path.Combine(second, "model.safetensors")));
    }

    [Fact]
    public void Saving_in_bfloat16_keeps_the_upper_half_of_every_value()
    {
        UntrainedModel.Write(_folder.Path, Config("LlamaForCausalLM"), seed: 1);
        var saved = Directory.CreateDirectory(Path.Combine(_folder.Path, "saved")).FullName;
        using var model = PretrainedModel.Load(_folder.Path);
        PretrainedModel.Save(model, saved, _folder.Path, dtype: torch.ScalarType.BFloat16);

        using var scope = torch.NewDisposeScope();
        using var again = PretrainedModel.Load(saved);
        Assert.Equal("bfloat16", again.Config.TorchDtype);
        Assert.All(model.Weights.Zip(again.Weights), pair =>
        {
            // Eight bits of precision: the nearest value is at most one part in 256 away.
            var error = (pair.First.Weight.detach() - pair.Second.Weight.detach()).abs();
            Assert.True(error.le(pair.First.Weight.detach().abs() / 256).all().item<bool>(), pair.First.Name);
        });
    }

    [Fact]
    public void An_unsupported_architecture_is_refused_by_name()
    {
        var error = Assert.Throws<ModelException>(() => UntrainedModel.Write(_folder.Path, Config("GPT2LMHeadModel"), seed: 1));

        Assert.Contains("GPT2LMHeadModel", error.Message, StringComparison.Ordinal);
    }

    private static JsonObject Config(string architecture) => new()
    {
        ["architectures"] = new JsonArray(architecture), ["model_type"] = "llama", ["hidden_size"] = 64, ["intermediate_size"] = 96,
        ["num_hidden_layers"] = 2, ["num_attention_heads"] = 4, ["num_key_value_heads"] = 2, ["vocab_size"] = 128,
        ["max_position_embeddings"] = 32, ["rms_norm_eps"] = 1e-5, ["rope_theta"] = 10000.0, ["hidden_act"] = "silu",
        ["tie_word_embeddings"] = true, ["torch_dtype"] = "float32",
    };
}
