using System.Numerics;
using TorchSharp;
using Workbench.Torch.Kernels;
using static TorchSharp.torch;

namespace Workbench.Learning.Models.Decoder;

/// <summary>Cosines and sines of a model's rotary position embeddings, made for as many positions as were asked for so far.</summary>
internal sealed class RotaryTables(DecoderConfig config, Device device) : IDisposable
{
    private Tensor? _cos; // (positions so far, D/2)
    private Tensor? _sin;

    /// <summary>Those of <paramref name="count"/> positions from <paramref name="start"/>, each (T, D/2).</summary>
    public (Tensor Cos, Tensor Sin) At(long start, long count)
    {
        if (_cos is null || _cos.shape[0] < start + count)
        {
            Grow((long)BitOperations.RoundUpToPowerOf2((ulong)(start + count)));
        }

        return (_cos!.narrow(0, start, count), _sin!.narrow(0, start, count));
    }

    /// <summary>Those of the tokens of packed sequences, each (T, D/2).</summary>
    public (Tensor Cos, Tensor Sin) At(PackedSequences packed)
    {
        var (cos, sin) = At(0, packed.Longest);
        var positions = tensor(packed.Positions(), device: device);
        return (cos.index_select(0, positions), sin.index_select(0, positions));
    }

    private void Grow(long positions)
    {
        Dispose();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var frequencies = RotaryEmbedding.InverseFrequencies(config.HeadDim, config.RopeTheta, device);
        frequencies = config.RopeScaling?.Apply(frequencies) ?? frequencies;
        var (cos, sin) = RotaryEmbedding.Tables(arange(0, positions, 1, ScalarType.Float32, device), frequencies);
        (_cos, _sin) = (cos.DetachFromDisposeScope(), sin.DetachFromDisposeScope());
    }

    public void Dispose()
    {
        _cos?.Dispose();
        _sin?.Dispose();
    }
}
