using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Workbench.Language.Tokenizers;

namespace Workbench.Learning.Generation;

/// <summary>An answer in the making: one thread gives it logits, another reads its tokens.</summary>
internal sealed class Answer
{
    private readonly BlockingCollection<GeneratedToken> _tokens = [];
    private readonly Sampler _sampler;
    private readonly AnswerText _text;
    private readonly HashSet<int> _stopIds;
    private readonly HashSet<int> _seen;
    private readonly Dictionary<int, int> _counts = [];
    private readonly int _topLogProbs;
    private readonly int _most;
    private int _count;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _abandoned;

    /// <param name="prompt">At least one token.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="tokenizer">Null for a model that gives ids only.</param>
    /// <param name="context">Positions that the model has.</param>
    public Answer(int[] prompt, SamplingOptions options, PretrainedTokenizer? tokenizer, int context)
    {
        Prompt = prompt;
        _sampler = new Sampler(options);
        _text = new AnswerText(tokenizer, prompt, options.Stop);
        _stopIds = [.. options.StopIds ?? tokenizer?.StopIds ?? []];
        _seen = [.. prompt];
        _topLogProbs = options.TopLogProbs;
        _most = Math.Min(options.MaxTokens ?? int.MaxValue, context - prompt.Length);
    }

    public int[] Prompt { get; }

    /// <summary>Positions it may come to have.</summary>
    public int Capacity => Prompt.Length + _most;

    /// <summary>Where its keys and values are, once it is computed.</summary>
    public CachedSequence? Sequence { get; set; }

    /// <summary>The token chosen last.</summary>
    public int Last { get; private set; }

    /// <summary>Sum over its tokens of how undecided the model was, in nats, at the sampling temperature.</summary>
    public double EntropySum { get; private set; }

    /// <summary>Nothing more is to be computed for it.</summary>
    public bool Ended => _abandoned || _tokens.IsAddingCompleted;

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">(V).</param>
    /// <param name="total">Their log-sum-exp.</param>
    public void Take(ReadOnlySpan<float> logits, double total)
    {
        if (double.IsNaN(total))
        {
            Fail(new GenerationException("The model's output is not a number: its training diverged, or its weights are damaged."));
            return;
        }

        Last = _sampler.Next(logits, _seen, _counts);
        EntropySum += _sampler.LastEntropy;
        _count++;
        var token = new GeneratedToken(Last, "", logits[Last] - total, null) { Next = _topLogProbs > 0 ? NextTokensOf(logits, total) : null };
        if (_stopIds.Contains(Last))
        {
            End(token with { Text = _text.Flush(), FinishReason = FinishReasons.Stop, EndsTurn = true });
            return;
        }

        var released = _text.Push(Last);
        if (_text.StopText is not null || _count == _most)
        {
            End(token with
            {
                Text = released + _text.Flush(),
                FinishReason = _text.StopText is null ? FinishReasons.Length : FinishReasons.Stop,
                StopText = _text.StopText,
            });
            return;
        }

        _tokens.Add(token with { Text = released });
        _seen.Add(Last);
        _counts[Last] = _counts.GetValueOrDefault(Last) + 1;
    }

    private NextTokens NextTokensOf(ReadOnlySpan<float> logits, double total)
    {
        var top = Sampler.Largest(logits, _topLogProbs);
        return new NextTokens(Sampler.Entropy(logits, total), [.. top.Select(best => new TokenProbability(best.Id, best.Logit - total))]);
    }

    private void End(GeneratedToken token)
    {
        _tokens.Add(token);
        _tokens.CompleteAdding();
    }

    /// <summary>Ends it with an error, which its reader receives.</summary>
    public void Fail(Exception exception)
    {
        if (!_tokens.IsAddingCompleted)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
            _tokens.CompleteAdding();
        }
    }

    /// <summary>The tokens as they come. A reader that leaves early ends the answer.</summary>
    public IEnumerable<GeneratedToken> Read(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var token in _tokens.GetConsumingEnumerable(cancellationToken))
            {
                yield return token;
                cancellationToken.ThrowIfCancellationRequested();
            }

            _failure?.Throw();
        }
        finally
        {
            Abandon();
        }
    }

    /// <summary>Nobody reads on.</summary>
    public void Abandon() => _abandoned = true;
}
