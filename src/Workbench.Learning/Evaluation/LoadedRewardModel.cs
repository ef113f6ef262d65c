using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Data.Rewards;
using Workbench.Data.Formats;
using Workbench.Language.Chat.Templates;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Safetensors;
using Workbench.Learning.Training;
using static TorchSharp.torch;

namespace Workbench.Learning.Evaluation;

/// <summary>
/// A reward model: a decoder with one output in place of the vocabulary, transformers' <c>…ForSequenceClassification</c> with <c>num_labels</c> 1. It
/// reads prompt and answer as TRL's GRPOTrainer hands them over: by the model's own template, or, where the prompt is a text, both as they are.
/// </summary>
public sealed class LoadedRewardModel : IDisposable
{
    private const string Head = "score.weight";

    private readonly string directory;
    private readonly DecoderModel model;
    private readonly Tensor score; // (1, C)
    private readonly PretrainedTokenizer tokenizer;
    private readonly ChatTemplate? template;
    private readonly Lock one = new(); // a pass fills all cores

    private LoadedRewardModel(string directory, DecoderModel model, Tensor score, PretrainedTokenizer tokenizer)
    {
        (this.directory, this.model, this.score, this.tokenizer) = (directory, model, score, tokenizer);
        template = tokenizer.ChatTemplate is { } text ? ChatTemplate.Parse(text) : null;
    }

    /// <summary>Loads it.</summary>
    /// <param name="directory">Its folder in Hugging Face's layout.</param>
    /// <param name="device">auto, cpu, cuda or cuda:N.</param>
    /// <exception cref="ModelException">The folder holds no such model, or no tokenizer.</exception>
    /// <exception cref="TrainingException">The device is not there.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be read.</exception>
    /// <exception cref="TemplateException">The chat template has a syntax error.</exception>
    public static LoadedRewardModel Load(string directory, string device = "auto")
    {
        var place = TrainingDevice.Resolve(device);
        var config = DecoderConfigReader.ReadClassifier(directory);
        var tokenizer = PretrainedModel.LoadTokenizer(directory) ?? throw PretrainedModel.NoTokenizer(directory);
        using var folder = SafetensorsFolder.Open(directory);
        if (WeightCheck.Problems(config, folder).Concat(VocabularyCheck.Problems(directory, config)).FirstOrDefault() is { } problem)
        {
            throw new ModelException(problem);
        }

        if (!folder.Contains(Head) || !folder.Entry(Head).Shape.SequenceEqual([1, config.HiddenSize]) || !folder.Entry(Head).Type.IsFloat())
        {
            var found = folder.Contains(Head) ? $"has the shape [{string.Join(", ", folder.Entry(Head).Shape)}]" : "is missing";
            throw new ModelException($"{directory}: a reward model has one output, a tensor \"{Head}\" of the shape [1, {config.HiddenSize}], but it {found}.");
        }

        var score = TensorStorage.Read(folder.FileOf(Head), folder.Entry(Head), place, ScalarType.Float32).DetachFromDisposeScope();
        try
        {
            return new LoadedRewardModel(directory, new DecoderModel(config, PretrainedModel.ReadWeights(config, folder, place)), score, tokenizer);
        }
        catch
        {
            score.Dispose();
            throw;
        }
    }

    /// <summary>The model's logit for an answer to a row's prompt.</summary>
    /// <exception cref="RewardException">It cannot read this row.</exception>
    public double Score(RewardInput input)
    {
        var ids = Encode(input);
        if (ids.Length == 0 || ids.Length > model.Config.MaxPositionEmbeddings)
        {
            throw new RewardException($"reward_model: prompt and answer have {ids.Length} tokens; the model reads 1 to {model.Config.MaxPositionEmbeddings}.");
        }

        lock (one)
        {
            using var off = no_grad();
            using var scope = NewDisposeScope();
            var hidden = model.Hidden(tensor(ids.Select(id => (long)id).ToArray(), new long[] { 1, ids.Length }, device: model.Device)); // (1, T, C)
            return hidden.select(1, -1).matmul(score.t()).item<float>(); // the last token's
        }
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        model.Dispose();
        score.Dispose();
    }

    private int[] Encode(RewardInput input)
    {
        try
        {
            var prompt = RowPrompt.Of(input.Row);
            var text = prompt.ValueKind == JsonValueKind.Array ? Render(input, prompt) : prompt + input.Completion;
            return tokenizer.Tokenizer.Encode(text, addSpecialTokens: false).Ids;
        }
        catch (Exception exception) when (exception is RowFormatException or TemplateException or TokenizerException)
        {
            throw new RewardException($"reward_model: {exception.Message}", exception);
        }
    }

    private string Render(RewardInput input, JsonElement prompt)
    {
        var messages = JsonArray.Create(prompt)!;
        messages.Add((JsonNode)new JsonObject { ["role"] = "assistant", ["content"] = input.Completion });
        var request = new ChatRequest
        {
            Messages = JsonSerializer.SerializeToElement(messages),
            Tools = input.Row.Json.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array ? tools : null,
            SpecialTokens = tokenizer.SpecialTokens.ToDictionary(token => token.Key, token => (string?)token.Value, StringComparer.Ordinal),
        };
        return (template ?? throw new RewardException(
            $"reward_model: {directory} brings no chat template, and the prompt is a conversation: put chat_template.jinja into the folder.")).Render(request).Text;
    }
}
