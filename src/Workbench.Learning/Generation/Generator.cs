using System.Diagnostics;
using System.Text;
using TorchSharp;
using Workbench.Language.Tokenizers;
using Workbench.Learning.Models;
using Workbench.Learning.Models.Decoder;
using Workbench.Learning.Models.Hub;
using Workbench.Learning.Models.Lora;
using Workbench.Learning.Training;
using static TorchSharp.torch;

namespace Workbench.Learning.Generation;

/// <summary>
/// A loaded model that answers prompts token by token, with a cache of keys and values. One answer at a time: a second caller
/// waits. Kept warm between answers.
/// </summary>
public sealed class Generator : IDisposable
{
    /// <summary>Cache sizes are multiples of this, so that answers of about one length use one cache again.</summary>
    private const int CacheStep = 256;

    private readonly string _directory;
    private readonly DecoderModel _model;
    private readonly PretrainedTokenizer? _tokenizer;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1); // not a lock: a stream may be read on from another thread
    private KeyValueCache? _cache;

    private Generator(string directory, DecoderModel model, PretrainedTokenizer? tokenizer) =>
        (_directory, _model, _tokenizer) = (directory, model, tokenizer);

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
    /// <exception cref="ModelException">A folder cannot be used.</exception>
    /// <exception cref="TrainingException">The device is not there.</exception>
    public static Generator Load(string modelDir, string? adapterDir = null, string device = "cpu")
    {
        var place = TrainingDevice.Resolve(device);
        var model = adapterDir is null ? MergedModel.LoadAny(modelDir, device: place) : MergedModel.Load(modelDir, adapterDir, place);
        try
        {
            var tokenizer = adapterDir is not null && File.Exists(Path.Combine(adapterDir, "tokenizer.json")) ? adapterDir : AdapterFolder.TokenizerFolder(modelDir);
            return new Generator(modelDir, model, PretrainedModel.LoadTokenizer(tokenizer));
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
        return Steps(promptIds, options, new Sampler(options), cancellationToken);
    }

    /// <summary>As <see cref="Stream"/>, gathered into one answer.</summary>
    public GenerationResult Generate(
        IReadOnlyList<int> promptIds, SamplingOptions options, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        var (text, ids, reason, computed) = (new StringBuilder(), new List<int>(), FinishReasons.Length, 0);
        foreach (var token in Stream(promptIds, options, cancellationToken))
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
            text.ToString(), ids, reason, promptIds.Count, computed, computed / Math.Max(clock.Elapsed.TotalSeconds, 1e-9));
    }

    private IEnumerable<GeneratedToken> Steps(
        IReadOnlyList<int> promptIds, SamplingOptions options, Sampler sampler, CancellationToken cancellationToken)
    {
        var stopIds = (options.StopIds ?? _tokenizer?.StopIds ?? []).ToHashSet();
        var most = Math.Min(options.MaxTokens ?? int.MaxValue, _model.Config.MaxPositionEmbeddings - promptIds.Count);
        var text = new AnswerText(_tokenizer, promptIds, options.Stop);
        var seen = promptIds.ToHashSet();
        _oneAtATime.Wait(cancellationToken);
        try
        {
            var cache = CacheFor(promptIds.Count + most);
            var logits = Forward(promptIds, cache);
            for (var count = 1; ; count++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var id = sampler.Next(logits, seen);
                var logProbability = Sampler.LogProbability(logits, id);
                if (stopIds.Contains(id))
                {
                    yield return new GeneratedToken(id, text.Flush(), logProbability, FinishReasons.Stop) { EndsTurn = true };
                    yield break;
                }

                var released = text.Push(id);
                if (text.Stopped || count == most)
                {
                    var reason = text.Stopped ? FinishReasons.Stop : FinishReasons.Length;
                    yield return new GeneratedToken(id, released + text.Flush(), logProbability, reason);
                    yield break;
                }

                yield return new GeneratedToken(id, released, logProbability, null);
                seen.Add(id);
                logits = Forward([id], cache);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Logits of the token that follows <paramref name="ids"/>, which continue what is in the cache.</summary>
    private float[] Forward(IReadOnlyList<int> ids, KeyValueCache cache)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var input = tensor(ids.Select(id => (long)id).ToArray(), new long[] { 1, ids.Count }, device: _model.Device);
        var hidden = _model.Hidden(input, cache); // (1, T, C)
        var logits = _model.Logits(hidden.narrow(1, ids.Count - 1, 1)).cpu().data<float>().ToArray(); // (V)
        return Array.Exists(logits, float.IsNaN)
            ? throw new GenerationException("The model's output is not a number: its training diverged, or its weights are damaged.")
            : logits;
    }

    private KeyValueCache CacheFor(int positions)
    {
        if (_cache is null || _cache.Capacity < positions)
        {
            _cache?.Dispose();
            var rounded = (positions + CacheStep - 1) / CacheStep * CacheStep;
            _cache = new KeyValueCache(_model.Config, 1, Math.Min(rounded, _model.Config.MaxPositionEmbeddings), _model.Device);
        }

        _cache.Clear();
        return _cache;
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
        _cache?.Dispose();
        _model.Dispose();
        _oneAtATime.Dispose();
    }
}
