using System.Diagnostics;
using System.Text;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Training;
using Workbench.Torch.Kernels;

namespace Workbench.Learning.Generation;

/// <summary>
/// A loaded model that answers prompts token by token, with a cache of keys and values. Answers asked for at the same time are
/// computed together, each as if it were alone. Kept warm between answers.
/// </summary>
public sealed class Generator : IDisposable
{
    /// <summary>Answers computed at the same time; more wait their turn.</summary>
    public const int MaxTogether = AnswerEngine.MaxRows;

    private readonly string _directory;
    private readonly DecoderModel _model;
    private readonly PretrainedTokenizer? _tokenizer;
    private readonly AnswerEngine _engine;

    private Generator(string directory, DecoderModel model, PretrainedTokenizer? tokenizer, HeldWeights held)
    {
        (_directory, _model, _tokenizer) = (directory, model, tokenizer);
        model.BFloat16 = held == HeldWeights.BFloat16 && LinearProduct.BFloat16IsFast; // prompts as answers
        _engine = new AnswerEngine(() => new CachedDecoder(model, held));
    }

    /// <summary>The model's tokenizer.</summary>
    /// <exception cref="ModelException">The folder has none; such a model takes and gives ids only.</exception>
    public PretrainedTokenizer Tokenizer => _tokenizer ?? throw PretrainedModel.NoTokenizer(_directory);

    public DecoderConfig Config => _model.Config;

    /// <summary>The model, for scoring (<see cref="Evaluation.LogProbabilities"/>).</summary>
    public DecoderModel Model => _model;

    /// <summary>Loads model and tokenizer.</summary>
    /// <param name="modelDir">A folder in Hugging Face's layout.</param>
    /// <param name="adapterDir">
    /// A PEFT adapter, which is merged into the loaded weights; null for none, or where <paramref name="modelDir"/> is itself an adapter's
    /// folder that names its base model.
    /// </param>
    /// <param name="device">auto, cpu, cuda or cuda:N.</param>
    /// <param name="held">In what form the weights are read for each token.</param>
    /// <exception cref="ModelException">A folder cannot be used.</exception>
    /// <exception cref="TrainingException">The device is not there.</exception>
    public static Generator Load(string modelDir, string? adapterDir = null, string device = "cpu", HeldWeights held = HeldWeights.BFloat16WhereExact)
    {
        var place = TrainingDevice.Resolve(device);
        var model = adapterDir is null ? MergedModel.LoadAny(modelDir, device: place) : MergedModel.Load(modelDir, adapterDir, place);
        try
        {
            var tokenizer = adapterDir is not null && File.Exists(Path.Combine(adapterDir, "tokenizer.json")) ? adapterDir : AdapterFolder.TokenizerFolder(modelDir);
            return new Generator(modelDir, model, PretrainedModel.LoadTokenizer(tokenizer), held);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Answers a prompt, a token at a time; the last one has a finish reason.</summary>
    /// <param name="promptIds">At least one token, fewer than the model's context.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="cancellationToken">Ends the answer between two tokens with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GenerationException">The prompt does not fit, an option is out of range, or the model gives no numbers.</exception>
    public IEnumerable<GeneratedToken> Stream(
        IReadOnlyList<int> promptIds, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        CheckPrompt(promptIds);
        options.Validate();
        return Tokens();

        IEnumerable<GeneratedToken> Tokens()
        {
            // Not disposed: the engine may still be at it when the reader leaves.
            var answer = Submit(promptIds, options);
            foreach (var token in answer.Read(cancellationToken))
            {
                yield return token;
            }
        }
    }

    private Answer Submit(IReadOnlyList<int> promptIds, SamplingOptions options)
    {
        var answer = new Answer([.. promptIds], options, _tokenizer, _model.Config.MaxPositionEmbeddings);
        _engine.Submit(answer);
        return answer;
    }

    /// <summary>As <see cref="Stream"/>, gathered into one answer.</summary>
    public GenerationResult Generate(
        IReadOnlyList<int> promptIds, SamplingOptions options, CancellationToken cancellationToken = default) =>
        GenerateAll([(promptIds, options)], cancellationToken)[0];

    /// <summary>Several answers, computed together; prompts that are equal or begin alike are computed once.</summary>
    /// <param name="requests">Prompts with how to choose.</param>
    /// <param name="cancellationToken">As in <see cref="Stream"/>.</param>
    /// <returns>The answers in the order of the requests.</returns>
    public IReadOnlyList<GenerationResult> GenerateAll(
        IReadOnlyList<(IReadOnlyList<int> PromptIds, SamplingOptions Options)> requests, CancellationToken cancellationToken = default)
    {
        foreach (var (promptIds, options) in requests)
        {
            CheckPrompt(promptIds);
            options.Validate();
        }

        var clock = Stopwatch.StartNew();
        var answers = requests.Select(request => Submit(request.PromptIds, request.Options)).ToList();
        try
        {
            return [.. answers.Select(answer => Gather(answer, clock, cancellationToken))];
        }
        finally
        {
            answers.ForEach(answer => answer.Abandon());
        }
    }

    private static GenerationResult Gather(Answer answer, Stopwatch clock, CancellationToken cancellationToken)
    {
        var (text, ids, reason, computed) = (new StringBuilder(), new List<int>(), FinishReasons.Length, 0);
        foreach (var token in answer.Read(cancellationToken))
        {
            text.Append(token.Text);
            reason = token.FinishReason ?? reason;
            computed++;
            if (!token.EndsTurn)
            {
                ids.Add(token.Id);
            }
        }

        return new GenerationResult(
            text.ToString(), ids, reason, answer.Prompt.Length, computed, computed / Math.Max(clock.Elapsed.TotalSeconds, 1e-9));
    }

    private void CheckPrompt(IReadOnlyList<int> promptIds)
    {
        if (promptIds.Count == 0)
        {
            throw new GenerationException("The prompt is empty: give at least one token, e.g. the beginning-of-sequence token.");
        }

        var context = _model.Config.MaxPositionEmbeddings;
        if (promptIds.Count >= context)
        {
            throw new GenerationException($"The prompt has {promptIds.Count} tokens, but the model's context is {context}: shorten it.");
        }

        foreach (var id in promptIds.Where(id => id < 0 || id >= _model.Config.VocabSize))
        {
            throw new GenerationException($"The prompt holds the id {id}, but the model's ids end at {_model.Config.VocabSize - 1}.");
        }
    }

    public void Dispose()
    {
        _engine.Dispose();
        _model.Dispose();
    }
}
