using System.Text.Json.Nodes;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training.Throughput;

namespace Workbench.Learning.Tests.Training;

public sealed class ModelFlopsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// By hand: a layer has 64 x 64 (q), 2 x 32 x 64 (k, v), 64 x 64 (o) and 3 x 128 x 64 weights, 36,864; two layers and a head of
    /// 100 x 64 make 80,128. Attention: 2 layers x 4 heads x 16.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Operations_are_those_of_kaplan_and_palm_whether_the_head_is_tied_or_not(bool tied)
    {
        File.WriteAllText(_folder["config.json"], new JsonObject
        {
            ["model_type"] = "llama", ["architectures"] = new JsonArray("LlamaForCausalLM"), ["hidden_act"] = "silu", ["vocab_size"] = 100, ["hidden_size"] = 64,
            ["intermediate_size"] = 128, ["num_hidden_layers"] = 2, ["num_attention_heads"] = 4, ["num_key_value_heads"] = 2, ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0, ["max_position_embeddings"] = 256, ["tie_word_embeddings"] = tied,
        }.ToJsonString());
        var flops = ModelFlops.Of(DecoderConfigReader.Read(_folder.Path));
        Assert.Equal(new ModelFlops(80_128, 128), flops);
        Assert.Equal((6 * 80_128 * 30) + (12 * 128 * 500), flops.Training(30, 500)); // sequences of 10 and 20 tokens
    }
}
