using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Planning;

namespace Workbench.Learning.Tests.Training.Planning;

public sealed class RunEstimatorTests
{
    /// <summary>Of 1, 2 and 3, the larger of two draws is 1 once in nine, 2 three times and 3 five times: 22/9.</summary>
    [Fact]
    public void Padding_goes_by_the_expected_maximum()
    {
        var lengths = new RowLengths(3, [1, 2, 3], [1, 2, 3], 1);
        Assert.Equal(2, lengths.PaddedTo(1), 12);
        Assert.Equal(22.0 / 9, lengths.PaddedTo(2), 12);
    }

    /// <summary>
    /// Peaks (VmHWM) of real runs of random models on two cores, rows log-normal around 180 tokens up to 512, in MB: what the constants were
    /// fitted to must stay within the 20 % that the page promises.
    /// </summary>
    [Theory]
    [InlineData(128, 3, 2048, 16, "sft", 447)]
    [InlineData(256, 6, 8192, 4, "sft", 664)]
    [InlineData(256, 6, 8192, 16, "sft", 976)]
    [InlineData(256, 6, 8192, 8, "lora", 764)]
    [InlineData(256, 6, 8192, 4, "dpo", 1016)]
    [InlineData(512, 8, 16384, 4, "sft", 1219)]
    [InlineData(512, 8, 16384, 16, "sft", 2403)]
    [InlineData(512, 8, 16384, 8, "lora", 1509)]
    [InlineData(512, 8, 16384, 4, "dpo", 2324)]
    [InlineData(512, 8, 16384, 8, "checkpointing", 1163)]
    [InlineData(512, 8, 16384, 8, "8bit", 1460)]
    [InlineData(512, 8, 16384, 8, "padded", 2201)]
    [InlineData(768, 12, 32000, 4, "sft", 2728)]
    public void Memory_is_within_a_fifth_of_what_was_measured(int hidden, int layers, int vocabulary, int batch, string kind, double megabytes)
    {
        var config = new RunConfig
        {
            ModelNameOrPath = "m", Dataset = "d", MaxSteps = hidden switch { 128 => 30, 256 => 10, 512 => 5, _ => 3 }, PerDeviceTrainBatchSize = batch, MaxLength = 512,
            PaddingFree = kind is not ("dpo" or "padded"), Method = kind == "dpo" ? "dpo" : "sft", UsePeft = kind == "lora", LoraTargetModules = ["all-linear"],
            GradientCheckpointing = kind == "checkpointing", Optim = kind == "8bit" ? "adamw_8bit" : "adamw_torch",
        };
        var estimate = new RunEstimator(Shape(hidden, layers, vocabulary), config, Chats(pairs: kind == "dpo")).Estimate(1e11, fromHistory: false);
        Assert.InRange(estimate.MemoryBytes / 1e6 / megabytes, 0.8, 1.2);
    }

    /// <summary>100 rows, 4 epochs, 8 a step: 50 steps; checkpoints at 20 and 40 hold the weights and AdamW's two moments.</summary>
    [Fact]
    public void Steps_and_disk_follow_the_plan()
    {
        var shape = Shape(128, 3, 2048);
        var config = new RunConfig { ModelNameOrPath = "m", Dataset = "d", NumTrainEpochs = 4, SaveSteps = 20, LoggingSteps = 1 };
        var estimate = new RunEstimator(shape, config, new RowLengths(100, [10, 30], [10, 30], 1)).Estimate(1e11, fromHistory: true);
        Assert.Equal((50, 160), (estimate.Steps, estimate.TokensPerStep));
        Assert.InRange(estimate.DiskBytes, shape.ParameterCount * 4.0 * 7, (shape.ParameterCount * 4.0 * 7) + 50_000);
    }

    /// <summary>A reference model asks for a forward pass more, a third of forward and backward together.</summary>
    [Fact]
    public void A_reference_costs_a_third_more_time()
    {
        var (shape, rows) = (Shape(256, 6, 8192), Chats(pairs: true));
        double Operations(bool free) => new RunEstimator(shape, new RunConfig { Method = "dpo", ModelNameOrPath = "m", Dataset = "d", ReferenceFree = free }, rows).Estimate(1e11, false).OperationsPerStep;
        Assert.Equal(4.0 / 3, Operations(false) / Operations(true), 9);
    }

    /// <summary>Sampled once for two steps, an answer costs half as much beside training it; a reference is asked once as well.</summary>
    [Fact]
    public void Sampling_is_counted_and_shared_by_the_steps_that_train_its_answers()
    {
        var shape = Shape(256, 6, 8192);
        double Operations(int iterations, double beta) => new RunEstimator(
            shape, new RunConfig { Method = "grpo", ModelNameOrPath = "m", Dataset = "d", NumIterations = iterations, Beta = beta }, Chats(pairs: false)).Estimate(1e11, false).OperationsPerStep;
        var trained = new RunEstimator(shape, new RunConfig { PaddingFree = true, ModelNameOrPath = "m", Dataset = "d" }, Chats(pairs: false)).Estimate(1e11, false).OperationsPerStep;
        Assert.Equal(1.6, Operations(1, 0) / trained, 9);
        Assert.Equal(1.3, Operations(2, 0) / trained, 9);
        Assert.Equal(1 + 0.3 + (1.0 / 6), Operations(2, 0.04) / trained, 9);
    }

    /// <summary>The quantiles of the log-normal lengths that the measured runs had.</summary>
    private static RowLengths Chats(bool pairs)
    {
        double[] normal = [-1.96, -1.44, -1.15, -0.93, -0.76, -0.6, -0.45, -0.32, -0.19, -0.06, 0.06, 0.19, 0.32, 0.45, 0.6, 0.76, 0.93, 1.15, 1.44, 1.96];
        int[] lengths = [.. normal.Select(z => (int)Math.Min(512, 180 * Math.Exp(0.6 * z)))];
        return pairs ? new RowLengths(400, [.. lengths.Select(length => 2 * length)], lengths, 2) : new RowLengths(400, lengths, lengths, 1);
    }

    private static DecoderConfig Shape(int hidden, int layers, int vocabulary) => new()
    {
        Architecture = "LlamaForCausalLM", ModelType = "llama", HiddenSize = hidden, IntermediateSize = hidden == 768 ? 2048 : hidden * 11 / 4, NumHiddenLayers = layers,
        NumAttentionHeads = hidden switch { 512 => 8, 768 => 12, _ => 4 }, NumKeyValueHeads = 4, HeadDim = hidden / (hidden switch { 512 => 8, 768 => 12, _ => 4 }), VocabSize = vocabulary,
        MaxPositionEmbeddings = 1024, TieWordEmbeddings = true,
    };
}
