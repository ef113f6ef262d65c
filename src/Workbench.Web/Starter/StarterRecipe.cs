using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Language.Tokenizers.Training;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Training;
using Workbench.Learning.Training.Checkpoints;

namespace Workbench.Web.Starter;

/// <summary>
/// How the starter's base model is made, from nothing but <see cref="StarterWorld"/>: a tokenizer trained on its texts, random
/// weights, and pretraining by the same trainer that a user's runs have.
/// </summary>
internal static class StarterRecipe
{
    private const int VocabularySize = 1_024;
    private const int Seed = 42;

    private static readonly JsonObject Config = new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_size"] = 128,
        ["intermediate_size"] = 352,
        ["num_hidden_layers"] = 3,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = 4,
        ["vocab_size"] = VocabularySize,
        ["max_position_embeddings"] = 512,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["hidden_act"] = "silu",
        ["tie_word_embeddings"] = true,
        ["bos_token_id"] = 0,
        ["eos_token_id"] = 1,
        ["torch_dtype"] = "float32",
    };

    /// <summary>Builds the model into <paramref name="directory"/>; what it takes on the way lies in <paramref name="work"/>.</summary>
    /// <param name="directory">Receives a folder in Hugging Face's layout with bfloat16 weights.</param>
    /// <param name="work">An empty folder for texts, first weights and the run.</param>
    /// <param name="steps">Steps of pretraining.</param>
    /// <param name="onMetric">Told of progress.</param>
    /// <param name="stop">Ends the training; nothing is then written to <paramref name="directory"/>.</param>
    public static void Build(string directory, string work, int steps, Action<MetricPoint> onMetric, CancellationToken stop)
    {
        var texts = StarterData.WritePretraining(work);
        var untrained = Path.Combine(work, "untrained");
        UntrainedModel.Write(untrained, Config, Seed);
        WriteTokenizer(untrained);
        var config = new RunConfig
        {
            ModelNameOrPath = untrained,
            Dataset = texts,
            OutputDir = Path.Combine(work, "run"),
            MaxSteps = steps,
            PerDeviceTrainBatchSize = 32,
            MaxLength = 256,
            LearningRate = 3e-3,
            LrSchedulerType = "cosine",
            WarmupRatio = 0.03,
            AdamBeta2 = 0.95,
            WeightDecay = 0.01,
            LoggingSteps = 25,
            SaveStrategy = "no",
            Seed = Seed,
        };
        var summary = Trainer.Run(config, RunFolder.Open(config.OutputDir), onMetric, stop);
        stop.ThrowIfCancellationRequested();
        using var model = PretrainedModel.Load(summary.OutputPath);
        RunFolder.WriteDirectory(directory, path => PretrainedModel.Save(model, path, summary.OutputPath, dtype: torch.ScalarType.BFloat16));
    }

    private static void WriteTokenizer(string directory)
    {
        var texts = StarterWorld.Pretraining(3_000, seed: 9).Concat(StarterWorld.Sft(seed: 8).Select(row => row.Request));
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), ByteLevelBpe.Train(texts, VocabularySize) + "\n");
        var settings = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["model_max_length"] = Config["max_position_embeddings"]!.GetValue<int>(),
        };
        File.WriteAllText(Path.Combine(directory, "tokenizer_config.json"), settings.ToJsonString() + "\n");
    }
}
