using TorchSharp;
using Workbench.Learning.Models.Decoder;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Generation;

/// <summary>
/// A model with the keys and values of several sequences. Prompts are computed in chunks that begin at multiples of
/// <see cref="Chunk"/>, so that a chunk gives the same numbers whatever follows it: prompts that begin alike share their chunks, and
/// no answer depends on what was asked before or at the same time. For one thread.
/// </summary>
internal sealed class CachedDecoder : IDisposable
{
    /// <summary>Tokens of a prompt computed at once.</summary>
    public const int Chunk = 128;

    /// <summary>Bytes of keys and values of ended sequences kept for prompts that begin as theirs did.</summary>
    private const long KeptBytes = 256L << 20;

    private const int KeptSequences = 32;

    private readonly DecoderModel _model;
    private readonly DecodeStep? _step;
    private readonly List<CachedSequence> _open = [];
    private readonly LinkedList<CachedSequence> _ended = new(); // first: ended longest ago
    private float[] _logits = [];

    public CachedDecoder(DecoderModel model, HeldWeights held)
    {
        // libtorch counts cores, not what they run at once; reading memory gains from both.
        set_num_threads(Environment.ProcessorCount);
        _model = model;
        _step = model.CreateDecodeStep(held);
    }

    private long BytesPerPosition =>
        (long)_model.Config.NumHiddenLayers * _model.Config.NumKeyValueHeads * _model.Config.HeadDim * 2 * sizeof(float);

    /// <summary>Begins a sequence with what of its prompt was computed for another.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="capacity">Positions it may come to have.</param>
    public CachedSequence Begin(int[] prompt, int capacity)
    {
        var slot = Enumerable.Range(0, _open.Count + 1).First(number => _open.TrueForAll(sequence => sequence.Slot != number));
        var sequence = new CachedSequence(slot, prompt, new KeyValueCache(_model.Config, 1, capacity, _model.Device));
        Share(sequence);
        _step?.Bind(slot, sequence.Cache.Keys, sequence.Cache.Values);
        _open.Add(sequence);
        return sequence;
    }

    private void Share(CachedSequence sequence)
    {
        var (best, most) = (default(CachedSequence), 0L);
        foreach (var other in _open.Concat(_ended))
        {
            if (Shared(sequence.Prompt, other) is var shared && shared > most)
            {
                (best, most) = (other, shared);
            }
        }

        if (best is not null)
        {
            sequence.Cache.CopyFrom(best.Cache, most);
            sequence.PromptLogits = most == sequence.Prompt.Length ? best.PromptLogits : null;
        }
    }

    private static long Shared(int[] prompt, CachedSequence other)
    {
        var alike = prompt.AsSpan().CommonPrefixLength(other.Prompt);
        if (alike == prompt.Length && alike == other.Prompt.Length && other.PromptLogits is not null)
        {
            return alike;
        }

        // Whole chunks only, and never the last token, whose logits are still wanted.
        return Math.Min(Math.Min(alike, prompt.Length - 1), other.Cache.Length) / Chunk * Chunk;
    }

    /// <summary>Computes the next chunk of a prompt; the last one gives <see cref="CachedSequence.PromptLogits"/>.</summary>
    public void Prefill(CachedSequence sequence)
    {
        var start = (int)sequence.Cache.Length;
        var ids = sequence.Prompt.AsSpan(start, Math.Min(Chunk, sequence.Prompt.Length - start));
        var logits = Forward(ids, sequence.Cache, last: start + ids.Length == sequence.Prompt.Length);
        sequence.PromptLogits = logits;
    }

    /// <summary>Logits of the token after <paramref name="ids"/>, which continue what is in the cache; null where they are not the last.</summary>
    private float[]? Forward(ReadOnlySpan<int> ids, KeyValueCache cache, bool last)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var longs = new long[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            longs[i] = ids[i];
        }

        var hidden = _model.Hidden(tensor(longs, new long[] { 1, ids.Length }, device: _model.Device), cache); // (1, T, C)
        return last ? _model.Logits(hidden.narrow(1, ids.Length - 1, 1)).cpu().data<float>().ToArray() : null; // (V)
    }

    /// <summary>Continues sequences by a token each; returns their logits one after the other, (n, V), valid until the next call.</summary>
    /// <param name="sequences">What is continued.</param>
    /// <param name="ids">The token of each.</param>
    /// <param name="totals">Receives the log-sum-exp of each one's logits, (n).</param>
    public ReadOnlySpan<float> Step(ReadOnlySpan<CachedSequence> sequences, ReadOnlySpan<int> ids, Span<double> totals)
    {
        var vocabulary = _model.Config.VocabSize;
        var size = sequences.Length * vocabulary;
        if (_logits.Length < size)
        {
            _logits = new float[size];
        }

        if (_step is null)
        {
            for (var i = 0; i < sequences.Length; i++)
            {
                var logits = Forward(ids.Slice(i, 1), sequences[i].Cache, last: true)!;
                logits.CopyTo(_logits, i * vocabulary);
                totals[i] = Sampler.LogSumExp(logits);
            }

            return _logits.AsSpan(0, size);
        }

        Span<long> tokens = stackalloc long[sequences.Length];
        Span<long> slots = stackalloc long[sequences.Length];
        Span<long> positions = stackalloc long[sequences.Length];
        for (var i = 0; i < sequences.Length; i++)
        {
            (tokens[i], slots[i], positions[i]) = (ids[i], sequences[i].Slot, sequences[i].Cache.Length);
        }

        _step.Run(tokens, slots, positions, _logits, totals);
        foreach (var sequence in sequences)
        {
            sequence.Cache.Advance(1);
        }

        return _logits.AsSpan(0, size);
    }

    /// <summary>Ends a sequence. What was computed for its prompt is kept for a while.</summary>
    public void End(CachedSequence sequence)
    {
        _open.Remove(sequence);
        _step?.Release(sequence.Slot);
        if (_ended.FirstOrDefault(ended => ended.Prompt.AsSpan().SequenceEqual(sequence.Prompt)) is { } same)
        {
            _ended.Remove(same);
            same.Dispose();
        }

        _ended.AddLast(sequence);
        while (_ended.Count > KeptSequences || _ended.Sum(ended => ended.Cache.Length) * BytesPerPosition > KeptBytes)
        {
            _ended.First!.Value.Dispose();
            _ended.RemoveFirst();
        }
    }

    public void Dispose()
    {
        _step?.Dispose();
        foreach (var sequence in _open.Concat(_ended))
        {
            sequence.Dispose();
        }
    }
}
