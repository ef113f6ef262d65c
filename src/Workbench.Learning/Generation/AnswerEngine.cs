using System.Collections.Concurrent;

namespace Workbench.Learning.Generation;

/// <summary>
/// Computes the answers that are asked of one model at the same time: each step continues all of them by a token, so that the
/// weights are read once for all, and an answer joins or leaves between two steps (Yu et al., 2022, "Orca").
/// </summary>
internal sealed class AnswerEngine : IDisposable
{
    /// <summary>Answers computed at the same time; more wait.</summary>
    public const int MaxRows = 16;

    private readonly Func<CachedDecoder> _open;
    private readonly BlockingCollection<Answer> _waiting = [];
    private readonly Thread _thread;
    private readonly List<Answer> _rows = [];
    private volatile bool _closing;

    /// <param name="open">Makes the decoder, on the engine's thread.</param>
    public AnswerEngine(Func<CachedDecoder> open)
    {
        _open = open;
        _thread = new Thread(Run) { IsBackground = true, Name = "generation" };
        _thread.Start();
    }

    /// <summary>Has an answer computed.</summary>
    public void Submit(Answer answer) => _waiting.Add(answer);

    private void Run()
    {
        CachedDecoder? decoder = null;
        while (!_closing && (_rows.Count > 0 || !_waiting.IsCompleted))
        {
            try
            {
                if (Admit(ref decoder))
                {
                    Step(decoder!);
                }
            }
            catch (Exception exception)
            {
                // Whatever a step fails of, it must not end the process: those who wait for it are told.
                _rows.ForEach(answer => answer.Fail(new GenerationException($"The model cannot be computed: {exception.Message}", exception)));
            }

            Leave(decoder);
        }

        foreach (var answer in _rows.Concat(_waiting))
        {
            answer.Fail(new GenerationException("The model was unloaded before the answer was complete: ask again."));
        }

        decoder?.Dispose();
    }

    /// <summary>Lets answers in, with one chunk of a prompt while others wait for their next token; false if there is nothing to do.</summary>
    private bool Admit(ref CachedDecoder? decoder)
    {
        while (true)
        {
            var prompt = _rows.Find(answer => answer.Sequence!.PromptLogits is null && !answer.Ended);
            if (prompt is null)
            {
                if (_rows.Count == MaxRows || !_waiting.TryTake(out prompt, _rows.Count == 0 ? Timeout.Infinite : 0))
                {
                    return _rows.Count > 0;
                }

                if (prompt.Ended)
                {
                    continue;
                }

                _rows.Add(prompt);
                decoder ??= _open();
                prompt.Sequence = decoder.Begin(prompt.Prompt, prompt.Capacity);
            }

            var computed = prompt.Sequence!.PromptLogits is null;
            if (computed)
            {
                decoder!.Prefill(prompt.Sequence);
            }

            if (prompt.Sequence.PromptLogits is { } logits)
            {
                prompt.Take(logits, Sampler.LogSumExp(logits));
            }

            if (computed && _rows.Count > 1)
            {
                return true;
            }
        }
    }

    private void Step(CachedDecoder decoder)
    {
        var ready = _rows.FindAll(answer => !answer.Ended && answer.Sequence!.PromptLogits is not null);
        if (ready.Count == 0)
        {
            return;
        }

        Span<double> totals = stackalloc double[ready.Count];
        var logits = decoder.Step([.. ready.Select(answer => answer.Sequence!)], [.. ready.Select(answer => answer.Last)], totals);
        var vocabulary = logits.Length / ready.Count;
        for (var i = 0; i < ready.Count; i++)
        {
            ready[i].Take(logits.Slice(i * vocabulary, vocabulary), totals[i]);
        }
    }

    private void Leave(CachedDecoder? decoder)
    {
        foreach (var answer in _rows.FindAll(answer => answer.Ended))
        {
            _rows.Remove(answer);
            if (answer.Sequence is { } sequence)
            {
                decoder!.End(sequence);
            }
        }
    }

    /// <summary>Ends what is still being computed.</summary>
    public void Dispose()
    {
        _closing = true;
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }
}
