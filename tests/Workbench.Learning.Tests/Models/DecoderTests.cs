using System.Text.Json;
using TorchSharp;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;
using Workbench.Learning.Training.Batching;
using Workbench.Learning.Training.Losses;
using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Models;

public sealed class DecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly int[] PackedLengths = [7, 1, 11, 4];

    public static TheoryData<string> Models => ["tied", "untied", .. TinyModel.Families];

    private static float[] LastLogits(DecoderModel model, int[] ids)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var input = tensor(ids.Select(id => (long)id).ToArray(), new long[] { 1, ids.Length });
        return model.Forward(input).narrow(1, ids.Length - 1, 1).reshape(-1).contiguous().data<float>().ToArray();
    }

    private static void Close(JsonElement expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i].GetDouble(), actual[i], tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Logits_are_those_of_pytorch(string name)
    {
        var tiny = TinyModel.Named(name);
        using var model = PretrainedModel.Load(tiny.Write(_folder["m"]));
        Close(tiny.Golden.GetProperty("last_logits"), LastLogits(model, tiny.LongestRow.InputIds), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_gradient_is_that_of_pytorch(string name)
    {
        var tiny = TinyModel.Named(name);
        using var model = PretrainedModel.Load(tiny.Write(_folder["m"]));
        using var scope = NewDisposeScope();
        CausalLanguageModelLoss.Compute(model, TokenBatch.Pad([tiny.LongestRow])).LossSum.backward();
        foreach (var (weight, parameter) in model.Weights)
        {
            var expected = tiny.Golden.GetProperty("gradients").GetProperty(weight);
            var gradient = parameter.grad!.reshape(-1).contiguous().data<float>().ToArray();
            var norm = Math.Sqrt(gradient.Sum(g => (double)g * g));
            Assert.Equal(expected.GetProperty("norm").GetDouble(), norm, 1e-4 * Math.Max(1, norm));
            Assert.Equal(expected.GetProperty("first").GetDouble(), gradient[0], 2e-4);
            Assert.Equal(expected.GetProperty("last").GetDouble(), gradient[^1], 2e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Log_probabilities_are_those_of_pytorch(string name)
    {
        var tiny = TinyModel.Named(name);
        using var model = PretrainedModel.Load(tiny.Write(_folder["m"]));
        var score = LogProbabilities.Score(model, tiny.LongestRow.InputIds, tiny.LongestRow.Labels);
        var (sum, tokens) = (tiny.Golden.GetProperty("logp_sum").GetDouble(), tiny.Golden.GetProperty("tokens").GetInt64());
        Assert.Equal(sum, score.LogpSum, 1e-3);
        Assert.Equal(tokens, score.Tokens);
        Assert.Equal(-sum / tokens, score.Nll, 1e-4);
    }

    /// <summary>Rows one behind another in one row must give what they give alone, in value and in gradient.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Packing_changes_nothing(string name)
    {
        using var model = PretrainedModel.Load(TinyModel.Named(name).Write(_folder["m"]));
        int[][] rows = [.. PackedLengths.Select((length, row) => Enumerable.Range(0, length).Select(i => ((i * 7) + (row * 5)) % 30).ToArray())];
        using var scope = NewDisposeScope();
        Tensor Hidden(IEnumerable<int> ids, PackedSequences? packed) =>
            model.Hidden(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0), packed: packed).squeeze(0);
        float[][] Gradients(Tensor hidden)
        {
            foreach (var (_, weight) in model.Weights)
            {
                weight.grad?.zero_();
            }

            (hidden * arange(0, hidden.numel(), 1, ScalarType.Float32).cos().view(hidden.shape)).sum().backward();
            return [.. model.Weights.Where(weight => weight.Weight.grad is not null).Select(weight => weight.Weight.grad!.reshape(-1).contiguous().data<float>().ToArray())];
        }

        var alone = cat([.. rows.Select(row => Hidden(row, null))], 0); // (23, C)
        var packed = Hidden(rows.SelectMany(row => row), PackedSequences.OfLengths(rows.Select(row => row.Length)));
        Assert.True(packed.allclose(alone, 1e-5, 1e-6));
        var (expected, actual) = (Gradients(alone), Gradients(packed));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.Equal(value.First, value.Second, 1e-4f * Math.Max(1, Math.Abs(value.First)))));
    }

    /// <summary>A window holds over a cache too: token by token gives what the whole gives.</summary>
    [Theory]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("llama3")]
    public void A_cache_changes_nothing(string name)
    {
        var tiny = TinyModel.Named(name);
        using var model = PretrainedModel.Load(tiny.Write(_folder["m"]));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var ids = tiny.LongestRow.InputIds.Select(id => (long)id).ToArray();
        using var cache = new KeyValueCache(model.Config, 1, ids.Length, CPU);
        var steps = ids.Select(id => model.Hidden(tensor(new[] { id }).unsqueeze(0), cache)).ToArray();
        Assert.True(cat(steps, 1).allclose(model.Hidden(tensor(ids).unsqueeze(0)), 1e-5, 1e-5));
    }

    /// <summary>A padded batch must give each row what it gives alone, whatever stands beside it.</summary>
    [Fact]
    public void Padding_changes_nothing()
    {
        using var model = PretrainedModel.Load(TinyModel.Tied.Write(_folder["m"]));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var rows = TinyModel.Tied.Rows;
        var together = CausalLanguageModelLoss.Compute(model, TokenBatch.Pad(rows));
        var alone = rows.Select(row => CausalLanguageModelLoss.Compute(model, TokenBatch.Pad([row]))).ToList();
        Assert.Equal(alone.Sum(one => one.LossSum.item<float>()), together.LossSum.item<float>(), 1e-3);
        Assert.Equal(alone.Sum(one => one.EntropySum), together.EntropySum, 1e-3);
        Assert.Equal(alone.Sum(one => one.LabelCount), together.LabelCount);
        Assert.Equal(alone.Sum(one => one.CorrectCount), together.CorrectCount);
        Assert.Equal(alone.Sum(one => one.TokenCount), together.TokenCount);
    }

    /// <summary>Half a unit in the last place of the mantissa, relative to weights of at most 1.25, through a few layers.</summary>
    [Theory]
    [InlineData(TensorType.F16, 0.02)]
    [InlineData(TensorType.BF16, 0.2)]
    [InlineData(TensorType.F64, 1e-5)]
    public void Every_float_type_on_disk_is_read(TensorType type, double tolerance)
    {
        using var model = PretrainedModel.Load(TinyModel.Tied.Write(_folder["m"], type));
        Assert.All(model.Weights, weight => Assert.Equal(ScalarType.Float32, weight.Weight.dtype));
        Close(TinyModel.Tied.Golden.GetProperty("last_logits"), LastLogits(model, TinyModel.Tied.LongestRow.InputIds), tolerance);
    }

    [Fact]
    public void A_tied_matrix_may_have_been_saved_under_the_name_of_the_output_projection()
    {
        var directory = TinyModel.Tied.Write(_folder["m"], rename: name => name == "model.embed_tokens.weight" ? "lm_head.weight" : name);
        using var model = PretrainedModel.Load(directory);
        Close(TinyModel.Tied.Golden.GetProperty("last_logits"), LastLogits(model, TinyModel.Tied.LongestRow.InputIds), 1e-5);
    }

    [Theory]
    [InlineData("tied")]
    [InlineData("untied")]
    public void A_saved_model_loads_with_the_same_weights_to_the_last_bit(string name)
    {
        var source = TinyModel.Named(name).Write(_folder["m"]);
        File.WriteAllText(Path.Combine(source, "tokenizer_config.json"), """{"eos_token":"</s>"}""");
        File.WriteAllText(Path.Combine(source, "generation_config.json"), """{"eos_token_id":2}""");
        Directory.CreateDirectory(_folder["out"]);
        using (var model = PretrainedModel.Load(source))
        {
            PretrainedModel.Save(model, _folder["out"], source, chatTemplate: "{{ messages }}");
            using var saved = PretrainedModel.Load(_folder["out"]);
            Assert.Equal(model.Config with { TorchDtype = "float32" }, saved.Config);
            foreach (var (before, after) in model.Weights.Zip(saved.Weights))
            {
                Assert.Equal(before.Name, after.Name);
                Assert.Equal(before.Weight.data<float>().ToArray(), after.Weight.data<float>().ToArray());
            }
        }

        Assert.Equal("""{"eos_token_id":2}""", File.ReadAllText(_folder["out/generation_config.json"]));
        Assert.Equal("{{ messages }}", File.ReadAllText(_folder["out/chat_template.jinja"]));
        using var tokenizer = JsonDocument.Parse(File.ReadAllText(_folder["out/tokenizer_config.json"]));
        Assert.Equal("{{ messages }}", tokenizer.RootElement.GetProperty("chat_template").GetString());
        Assert.Equal("</s>", tokenizer.RootElement.GetProperty("eos_token").GetString());
    }

    [Theory]
    [InlineData("stories260K-hf")]
    [InlineData("tinystories656k-clean")]
    public void Real_models_give_the_reference_logits_and_likelihood(string name)
    {
        var directory = Shared.Require($"assets/models/{name}");
        using var golden = JsonDocument.Parse(File.ReadAllText(Shared.Require($"assets/models/golden_{name}.json")));
        var ids = golden.RootElement.GetProperty("prompt_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        using var model = PretrainedModel.Load(directory);
        Close(golden.RootElement.GetProperty("last_logits"), LastLogits(model, ids), 1e-4);
        Assert.Equal(golden.RootElement.GetProperty("mean_nll").GetDouble(), LogProbabilities.Score(model, ids).Nll, 1e-4);
    }
}
