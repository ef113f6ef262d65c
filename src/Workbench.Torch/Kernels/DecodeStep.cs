using static TorchSharp.torch;

namespace Workbench.Torch.Kernels;

/// <param name="NormEps">Of every norm.</param>
/// <param name="Windows">A number for each layer: keys that a query sees at most, itself included; 0 for all.</param>
public sealed record DecodeShape(int Heads, int KeyValueHeads, int HeadDim, double NormEps, IReadOnlyList<int> Windows);

/// <summary>Weights of one layer, (out, in) each; biases and head norms are null where the model has none.</summary>
public sealed record DecodeLayer(
    Tensor InputNorm, Tensor Query, Tensor? QueryBias, Tensor Key, Tensor? KeyBias, Tensor Value, Tensor? ValueBias, Tensor Output, Tensor? OutputBias,
    Tensor PostAttentionNorm, Tensor Gate, Tensor? GateBias, Tensor Up, Tensor? UpBias, Tensor Down, Tensor? DownBias, Tensor? QueryNorm, Tensor? KeyNorm)
{
    internal IEnumerable<Tensor?> InOrder() =>
    [
        InputNorm, Query, QueryBias, Key, KeyBias, Value, ValueBias, Output, OutputBias, PostAttentionNorm, Gate, GateBias, Up, UpBias, Down, DownBias,
        QueryNorm, KeyNorm,
    ];
}

/// <summary>
/// The next token's logits of a few sequences over a key/value cache, by a Llama-like decoder on the CPU: the whole model in one call, no
/// tensor made on the way. What bounds it is reading the weights once (Pope et al., 2022). It has no composition of its own: what it
/// replaces is the model's own forward pass, which is its oracle.
/// </summary>
public sealed partial class DecodeStep : IDisposable
{
    private DecodeStep()
    {
    }

    /// <summary>A step over a copy of these weights; null where there is none for them (another device or element type).</summary>
    /// <param name="shape">What the weights do not say.</param>
    /// <param name="layers">First to last.</param>
    /// <param name="embedding">(V, C)</param>
    /// <param name="norm">(C)</param>
    /// <param name="head">(V, C), or the embedding itself.</param>
    /// <param name="cos">(positions, D/2)</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <param name="held">In what form the matrices are kept.</param>
    public static DecodeStep? TryCreate(
        DecodeShape shape, IReadOnlyList<DecodeLayer> layers, Tensor embedding, Tensor norm, Tensor head, Tensor cos, Tensor sin, HeldWeights held)
    {
        DecodeStep? step = null;
        TryNative(shape, layers, embedding, norm, head, cos, sin, held, ref step);
        return step;
    }

    /// <summary>A sequence that the steps to come may continue.</summary>
    /// <param name="slot">Its number from now on, 0 to 4095; what was bound there is released.</param>
    /// <param name="keys">One a layer, (1, kvHeads, capacity, D), dense; the steps write to it.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    public void Bind(int slot, IReadOnlyList<Tensor> keys, IReadOnlyList<Tensor> values) => BindNative(slot, keys, values);

    /// <summary>Lets go of a sequence's memory.</summary>
    public void Release(int slot) => ReleaseNative(slot);

    /// <summary>Computes the logits of the token after each of <paramref name="ids"/>.</summary>
    /// <param name="ids">The last token of each sequence.</param>
    /// <param name="slots">The sequence of each; none twice.</param>
    /// <param name="positions">The position of each token; the sequence's cache holds all before it.</param>
    /// <param name="logits">Receives (ids, V), which do not depend on what other sequences are in the call.</param>
    /// <param name="totals">Receives the log-sum-exp of each one's logits, (ids): a logit less it is a log-probability.</param>
    public void Run(ReadOnlySpan<long> ids, ReadOnlySpan<long> slots, ReadOnlySpan<long> positions, Span<float> logits, Span<double> totals)
    {
        if (slots.Length != ids.Length || positions.Length != ids.Length)
        {
            throw new ArgumentException("There must be a sequence and a position for each id.", nameof(slots));
        }

        RunNative(ids, slots, positions, logits, totals);
    }

    public void Dispose() => FreeNative();

    static partial void TryNative(
        DecodeShape shape, IReadOnlyList<DecodeLayer> layers, Tensor embedding, Tensor norm, Tensor head, Tensor cos, Tensor sin, HeldWeights held,
        ref DecodeStep? step);

    partial void BindNative(int slot, IReadOnlyList<Tensor> keys, IReadOnlyList<Tensor> values);

    partial void ReleaseNative(int slot);

    partial void RunNative(ReadOnlySpan<long> ids, ReadOnlySpan<long> slots, ReadOnlySpan<long> positions, Span<float> logits, Span<double> totals);

    partial void FreeNative();
}
